"""The ledger of claims: what a document says, what was seen when it was run, and the verdict that follows.

A verdict is computed from what was seen and can't be set:

- every observation agrees with the claim: "holds"
- some agree: "holds with a condition"
- none agrees: "does not hold"
- nothing was seen yet: "not yet tested"
"""

import html

HOLDS = "holds"
CONDITION = "holds with a condition"
FAILS = "does not hold"
UNTESTED = "not yet tested"


class Claim:
    """One claim and what was seen of it. Made by `Ledger.claim`."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.observations = []

    def seen(self, what, agrees):
        """Write down one observation.

        what: what the claim says of one case, so that `agrees` answers yes or no to it.
        agrees: the bool that a computation gave.

        Raises TypeError when `agrees` is no bool: a verdict rests on answers, not on what happens to be true.
        """
        if type(agrees) is not bool:
            raise TypeError(
                f"{self.name}: seen() expects True or False, got {type(agrees).__name__}; compare it first."
            )
        if what in (said for said, _ in self.observations):
            raise ValueError(f"{self.name}: '{what}' was seen already; an observation counts once.")
        self.observations.append((what, agrees))

    @property
    def verdict(self):
        """One of the four verdicts, computed from the observations."""
        answers = [agrees for _, agrees in self.observations]
        if not answers:
            return UNTESTED
        if all(answers):
            return HOLDS
        return CONDITION if any(answers) else FAILS

    def __repr__(self):
        lines = [f"{self.name} {self.verdict}"]
        lines += [f"  {'yes' if agrees else 'no ':<3}  {what}" for what, agrees in self.observations]
        return "\n".join(lines)


class Ledger:
    """All claims, in the order in which they were made."""

    def __init__(self):
        self.claims = {}

    def claim(self, name, text):
        """Open a claim and return it. Raises ValueError when the name is taken."""
        if name in self.claims:
            raise ValueError(f"{name} stands in the ledger already; every claim has one entry.")
        self.claims[name] = Claim(name, text)
        return self.claims[name]

    def _rows(self):
        """Yield each claim's name, text, verdict, and how many of its observations agree."""
        for claim in self.claims.values():
            yes = sum(agrees for _, agrees in claim.observations)
            seen = f"{yes} of {len(claim.observations)}" if claim.observations else ""
            yield claim.name, claim.text, claim.verdict, seen

    def __repr__(self):
        return "\n".join(
            f"{name:<4} {verdict:<22} {seen:<8} {text}".rstrip() for name, text, verdict, seen in self._rows()
        )

    def _repr_html_(self):
        """The ledger as a table. A claim's name leads to its section, which the page labels ledger-a1."""
        head = "".join(f"<th>{title}</th>" for title in ("", "claim", "verdict", "seen to agree"))
        rows = "".join(
            f'<tr><td><a href="#ledger-{html.escape(name.lower())}">{html.escape(name)}</a></td>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in self._rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def raises(kind, call):
    """Return True if `call()` raises `kind`, False if it raises nothing. Other exceptions go through."""
    try:
        call()
    except kind:
        return True
    return False
