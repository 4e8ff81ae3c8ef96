"""Shows the Copy button: this week or the whole selection as text to paste: formatted and plain at once, posts."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import link
from dashboard.controls.address import mark_changed
from dashboard.loading import Found, load_digest, reading
from dashboard.visitor import base_url
from tracker.publishing.digest import Digest, list_selection
from tracker.publishing.pasting import FORMS
from tracker.reading.places.fields import locate

_MOST = 200
_BOTH = "both"
_WEEK = "week"
_WHAT = {_WEEK: "This week", "all": "Everything"}
_LABELS = {_BOTH: "Formatted, for newsletters and documents"} | {name: each.label for name, each in FORMS.items()}
_HTML = '<button type="button">Copy the list</button> <span role="status"></span>'
_CSS = """\
button { font: inherit; color: var(--st-text-color); background: transparent; padding: 0.4rem 0.9rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
span { color: var(--st-text-color); }
"""
# Both kinds in one step: an editor takes the formatted one, a text field the plain one. Without https browsers have no
# navigator.clipboard, but still a copy event.
_JS = """\
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), status = parentElement.querySelector("span");
  const kinds = { "text/html": data.html, "text/plain": data.text };
  const byEvent = () => {
    const fill = (event) => {
      for (const [kind, content] of Object.entries(kinds)) event.clipboardData.setData(kind, content);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener("copy", fill, { capture: true, once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill, { capture: true });
    if (!done) throw new Error("refused");
  };
  button.onclick = async () => {
    try {
      if (navigator.clipboard && window.ClipboardItem) {
        const blobs = Object.entries(kinds).map(([kind, content]) => [kind, new Blob([content], { type: kind })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]).catch(byEvent);
      } else byEvent();
      status.textContent = "Copied.";
    } catch { status.textContent = "This browser refused. Choose plain text or HTML."; }
  };
}
"""
_copy_both = st.components.v2.component("tracker_copy_both", html=_HTML, css=_CSS, js=_JS)


def show_paste(found: Found) -> None:
    """Show a button that opens this week, or the selection, as text to paste."""
    with st.popover("Copy", icon=":material/content_copy:", key="paste", on_change="rerun") as box:
        if not box.open:  # the texts are rendered for whoever wants them
            return
        st.markdown("Of what the filters show now, **to paste or to post**:")
        what = st.segmented_control(
            "What", list(_WHAT), format_func=_WHAT.__getitem__, default=_WEEK, required=True, key="paste_what",
            on_change=mark_changed, label_visibility="collapsed",
        )  # fmt: skip
        is_week = what == _WEEK
        if is_week:
            st.markdown(":small[What is on in the next 7 days, closes soon, is new, comes up and changed.]")
        form = st.selectbox("As", list(_LABELS), format_func=_LABELS.__getitem__, key="paste_form")
        digest = load_digest(found) if is_week else _whole(found)
        if form == _BOTH:
            both = {"html": FORMS["html"].render(digest), "text": FORMS["text"].render(digest)}
            _copy_both(key="paste_both", data=both, height="content")
        else:
            st.code(FORMS[form].render(digest), language=None, wrap_lines=True, height=300)
        asked = "&".join(filter(None, (found.selection.to_query(), "" if is_week else "since=all")))
        address = f"{base_url()}/digest{'?' if asked else ''}{asked}"
        st.markdown(f":small[{link('The same as a page', address)}, without scripts]")


def _whole(found: Found) -> Digest:
    with reading() as db:
        return list_selection(db, locate(found.selection), found.now, most=_MOST)
