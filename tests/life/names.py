"""Titles and places of the simulated world; no title is given twice."""

from __future__ import annotations

from random import Random

CITIES = {
    "Europe/Berlin": "Berlin, Germany",
    "Europe/London": "London, United Kingdom",
    "America/New_York": "Boston, MA, USA",
    "America/Chicago": "Chicago, IL, USA",
    "Europe/Lisbon": "Lisbon, Portugal",
    "Australia/Sydney": "Sydney, Australia",
    "Europe/Zurich": "Zurich, Switzerland",
    "America/Los_Angeles": "San Francisco, CA, USA",
    "Europe/Paris": "Paris, France",
    "Europe/Amsterdam": "Amsterdam, Netherlands",
}
"""The city of each zone."""
OTHER_CITIES = {
    "Europe/Berlin": "Munich, Germany",
    "Europe/London": "Oxford, United Kingdom",
    "America/New_York": "New York, NY, USA",
    "America/Chicago": "Madison, WI, USA",
    "Europe/Lisbon": "Porto, Portugal",
    "Australia/Sydney": "Melbourne, Australia",
    "Europe/Zurich": "Geneva, Switzerland",
    "America/Los_Angeles": "Berkeley, CA, USA",
    "Europe/Paris": "Lyon, France",
    "Europe/Amsterdam": "Utrecht, Netherlands",
}
"""Where an event of that zone may move to."""
_TOPICS = (
    "Mechanistic Interpretability", "Scalable Oversight", "Compute Governance", "Deceptive Alignment", "Model Evaluations",
    "Corrigibility", "Reward Hacking", "Constitutional Training", "AI Control", "Debate Protocols", "Red Teaming",
    "Frontier Policy", "Liability Law", "Incident Reporting", "Export Controls", "Agent Foundations", "Value Learning",
    "Sparse Autoencoders", "Weak-to-Strong Generalisation", "Situational Awareness", "Biosecurity Evaluations",
    "Cyber Misuse", "Whistleblowing", "Safety Cases", "Chain-of-Thought Monitoring", "Activation Steering",
    "Preference Modelling", "Multi-Agent Cooperation", "Gradual Disempowerment", "Honeypot Detection", "Model Welfare",
    "Threat Modelling", "Formal Verification", "Unlearning", "Data Poisoning", "Watermarking", "Superalignment",
    "Goal Misgeneralisation", "Steganography", "Collusion", "Tripwires", "Sandbagging", "Model Organisms", "Compute Thresholds",
    "Licensing", "International Treaties", "Standards", "Auditing", "Moral Uncertainty", "Embedded Agency", "Infra-Bayesianism",
    "Impact Measures", "Quantilisers", "Factored Cognition", "Robustness", "Jailbreaks", "Anomaly Detection", "Open Weights",
    "Power Seeking", "Timelines Forecasting", "Labour Impacts", "Democratic Inputs",
)  # fmt: skip
_FORMATS = {
    "meetup": ("Meetup", "Evening", "Discussion Night", "Salon", "Social", "Dinner"),
    "talk": ("Lecture", "Talk", "Fireside Chat", "Panel", "Seminar"),
    "workshop": ("Workshop", "Masterclass", "Tutorial", "Writing Retreat"),
    "hackathon": ("Hackathon", "Sprint", "Jam"),
    "conference": ("Conference", "Symposium", "Summit"),
    "fellowship": ("Fellowship", "Residency", "Scholars Programme"),
    "course": ("Course", "Bootcamp", "Winter School"),
}
KINDS = tuple(_FORMATS)


class Names:
    """Gives out titles."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left = {
            kind: [f"{topic} {word}" for word in words for topic in _TOPICS] for kind, words in _FORMATS.items()
        }
        for titles in self._left.values():
            rng.shuffle(titles)

    def title(self, kind: str) -> str:
        """Return a title that was never given before."""
        return self._left[kind].pop()

    def renamed(self, title: str) -> str:
        """Return the title as an organiser changes it: recognisable, but another."""
        topic, _, word = title.rpartition(" ")
        return self._rng.choice((f"Introductory {title}", f"{topic}: an {word} for Newcomers", f"Open {title}"))
