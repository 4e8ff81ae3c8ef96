"""``tracker notify``: pushes what is new, moved, called off or about to close to chats, phones and mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.config import Settings
    from tracker.models.subscription import Subscription
    from tracker.notifying.delivery import Delivered
    from tracker.store.notifications import Delivery

app = typer.Typer(no_args_is_help=True, help="Push what is new, moved, called off or about to close to channels.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name: small letters, digits and '-'.")]


@app.command()
def add(
    name: Name,
    to: Annotated[
        list[str],
        typer.Option("--to", metavar="URL", help="A channel, as appriseit.com writes it: ntfy://… (repeatable)."),
    ],
    selection: Annotated[
        str, typer.Option(metavar="QUERY", help="As after '?' in a feed's address, or a name of 'selections'.")
    ] = "",
    about: Annotated[
        str, typer.Option(metavar="WHAT", help="What is told. Default: new,moved,cancelled,deadline,closing")
    ] = "",
    remind: Annotated[str, typer.Option(metavar="TIMES", help="How long before a deadline.")] = "7d,48h",
    quiet: Annotated[str, typer.Option(metavar="HOURS", help="When nothing is sent: 22:00-07:00")] = "",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone of the quiet hours: Europe/Berlin")] = "UTC",
    burst: Annotated[int, typer.Option(metavar="N", help="More news than this come as one message.")] = 3,
    digest: Annotated[str, typer.Option(metavar="TIME", help="Only a digest, at most once in this time: 7d")] = "",
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Do not send a first message to try it.")] = False,
    data: Data = None,
) -> None:
    """Save a selection and the channels that are told of it, and try them; what it finds now counts as known."""
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.errors import UsageError
    from tracker.models.subscription import read_subscription
    from tracker.notifying.delivery import begin, open_channels
    from tracker.notifying.subscription_file import load_subscriptions, save_subscriptions
    from tracker.store import open_store

    settings = Settings.load(data)
    known = load_subscriptions(settings.data_dir)
    if name in known:
        raise UsageError(f"There is a subscription {name} already. Remove it first: tracker notify remove {name}")
    values: dict[str, object] = {
        "selection": settings.selections.get(selection, selection.removeprefix("?")),
        "to": to,
        "remind": _parts(remind),
        "quiet": quiet,
        "zone": zone,
        "burst": burst,
    }
    values |= {"about": _parts(about)} if about else {}
    values |= {"digest": digest} if digest else {}
    subscription = read_subscription(name, values)
    services = open_channels(name, subscription)
    store = open_store(settings.store_url)
    try:
        if not unchecked:
            _try_channels(name, subscription, services)
        found = begin(store, name, subscription, current_time())
        save_subscriptions(settings.data_dir, known | {name: subscription})
    finally:
        store.close()
    typer.echo(f"{name}: {found} events match now and count as known. From cron, after each crawl: tracker notify run")


@app.command("list")
def list_subscriptions(data: Data = None) -> None:
    """List the subscriptions, and how sending to each of their channels goes."""
    from tracker.config import Settings
    from tracker.notifying.channels import channel_key, service_name
    from tracker.notifying.subscription_file import load_subscriptions
    from tracker.store import notifications, open_store

    settings = Settings.load(data)
    subscriptions = load_subscriptions(settings.data_dir)
    if not subscriptions:
        typer.echo("There is no subscription. See: tracker notify add --help")
        return
    store = open_store(settings.store_url)
    with store.reading() as db:
        deliveries = notifications.load_deliveries(db)
    store.close()
    for name, each in subscriptions.items():
        typer.echo(f"{name}: {each.selection or 'everything'}; {_rules(each)}")
        for number, address in enumerate(each.to, 1):
            typer.echo(f"  {number}. {service_name(address)} {_state(deliveries.get((name, channel_key(address))))}")


@app.command()
def remove(name: Name, data: Data = None) -> None:
    """Remove a subscription. What its channels were told stays known to them."""
    from tracker.config import Settings
    from tracker.notifying.notices import own_items
    from tracker.notifying.subscription_file import load_subscriptions, save_subscriptions
    from tracker.store import notifications, open_store

    settings = Settings.load(data)
    known = load_subscriptions(settings.data_dir)
    _named(known, [name])
    store = open_store(settings.store_url)
    with store.writing() as db:
        notifications.forget_subscription(db, name, own_items(name))
    store.close()
    save_subscriptions(settings.data_dir, {each: of for each, of in known.items() if each != name})
    typer.echo(f"{name} is removed.")


@app.command()
def run(
    name: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="Default: all subscriptions.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent; send nothing.")] = False,
    data: Data = None,
) -> None:
    """Tell each channel what it has not been told. From cron, after each crawl.

    Exit codes: 0 all is told, or waits for the end of quiet hours; 1 a channel could not be reached, the next run tries
    again; 2 usage or configuration; 4 database.
    """
    from tracker.clock import current_time
    from tracker.config import Settings
    from tracker.errors import ConfigurationError, SelectionError
    from tracker.notifying.delivery import Outcome, run_subscription
    from tracker.notifying.subscription_file import load_subscriptions
    from tracker.store import open_store

    settings = Settings.load(data)
    chosen = _named(load_subscriptions(settings.data_dir), name or [])
    if not chosen:
        typer.echo("There is no subscription. See: tracker notify add --help")
        return
    if dry_run:
        _preview(settings, chosen, current_time())
        return
    is_bad = False
    store = open_store(settings.store_url)
    with store.keep_open():
        for each, subscription in chosen.items():
            try:
                delivered = run_subscription(store, each, subscription, current_time())
            except (ConfigurationError, SelectionError) as error:  # the others go on
                typer.echo(f"{each}: {error}", err=True)
                is_bad = True
                continue
            for result in delivered:
                failed = result.outcome is Outcome.FAILED
                typer.echo(_result(result), err=failed)
                is_bad = is_bad or failed
    store.close()
    if is_bad:
        raise typer.Exit(1)


def _parts(written: str) -> list[str]:
    return [part for each in written.split(",") if (part := each.strip())]


def _named(known: dict[str, Subscription], names: list[str]) -> dict[str, Subscription]:
    from tracker.errors import UsageError

    for name in names:
        if name not in known:
            there = f"Subscriptions: {', '.join(known)}." if known else "There is none."
            raise UsageError(f"There is no subscription {name}. {there}")
    return {name: known[name] for name in names} if names else known


def _try_channels(name: str, subscription: Subscription, services: list[object]) -> None:
    from tracker.errors import ConfigurationError
    from tracker.notifying.channels import Message, send, service_name

    words = f"What you will get here: {_rules(subscription)}.\nSelection: {subscription.selection or 'everything'}"
    for number, (address, service) in enumerate(zip(subscription.to, services, strict=True), 1):
        if problem := send(service, address, Message(f"{name} is set up", words, ())):
            raise ConfigurationError(
                f"Channel {number} ({service_name(address)}) did not take a first message: {problem} "
                "Nothing was saved. Correct the address, or add it all the same with --unchecked."
            )


def _rules(each: Subscription) -> str:
    from tracker.models.subscription import News, write_span

    if each.digest is not None:
        return f"a digest every {write_span(each.digest)}"
    words = ", ".join(news.value for news in each.about if news is not News.CLOSING)
    reminders = f"{' and '.join(map(write_span, each.remind))} before deadlines" if News.CLOSING in each.about else ""
    quiet = f"quiet {each.quiet} {each.zone}" if each.quiet else ""
    return "; ".join(filter(None, (words, reminders, quiet)))


def _state(delivery: Delivery | None) -> str:
    if delivery is None:
        return "begins with the next run"
    last = f"last sent {delivery.last_sent_at:%Y-%m-%d %H:%M} UTC" if delivery.last_sent_at else "nothing sent yet"
    if delivery.failing_since is None:
        return last
    return (
        f"{last}; FAILING since {delivery.failing_since:%Y-%m-%d %H:%M} UTC, {delivery.failures}×: {delivery.problem}"
    )


def _result(result: Delivered) -> str:
    from tracker.notifying.delivery import Outcome

    where = f"{result.subscription}, channel {result.number} ({result.service})"
    events = sum(message.events for message in result.messages)
    count = (
        f"{len(result.messages)} message{'s' * (len(result.messages) != 1)} about {events} event{'s' * (events != 1)}"
    )
    if result.outcome is Outcome.SENT:
        return f"{where}: {count} sent."
    if result.outcome is Outcome.QUIET:
        return f"{where}: {count} wait until {result.quiet_until:%H:%M} UTC, when the quiet hours end."
    if result.outcome is Outcome.BUSY:
        return (
            f"{where}: another run is sending to it, or was killed less than ten minutes ago. The next run looks again."
        )
    if result.outcome is Outcome.NOTHING:
        return f"{where}: nothing new."
    since = (
        f" Failing since {result.failing_since:%Y-%m-%d %H:%M} UTC, {result.failures}×." if result.failures > 1 else ""
    )
    return f"{where} could not be reached: {result.problem}{since} Nothing is lost: the next run tries again."


def _preview(settings: Settings, chosen: dict[str, Subscription], now: datetime) -> None:
    from tracker.notifying.channels import service_name
    from tracker.notifying.delivery import preview
    from tracker.store import open_store

    store = open_store(settings.store_url)
    with store.reading() as db:
        for name, subscription in chosen.items():
            for address, messages in zip(subscription.to, preview(db, name, subscription, now), strict=True):
                typer.echo(f"{name} → {service_name(address)}: {len(messages)} messages.")
                for message in messages:
                    typer.echo(f"\n{message.title}\n{message.body}\n")
    store.close()
    typer.echo("Nothing was sent.")
