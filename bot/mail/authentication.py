"""Whether our own mail server vouches for a mail's From domain (RFC 8601, RFC 7489).

Only the topmost Authentication-Results field counts, and only if it bears our server's
authserv-id: all others came with the mail. Our server must remove fields that pretend to be its
own (RFC 8601, section 5); ``docs/operating.md`` asks the operator to check it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LONGEST_FIELD = 8_000
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | "(?P<quoted>(?:[^"\\\r\n]|\\[\x20-\x7e])*)"
      | (?P<mark>[;=])
      | (?P<word>[^\s;="()\\]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, with its properties ("header.from" and so on, names in lower case)."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One Authentication-Results field, read."""

    authserv_id: str
    results: tuple[Result, ...]


class MalformedError(ValueError):
    """The field does not keep to RFC 8601; nothing in it can be believed."""


def vouched_for(fields: list[str], authserv_id: str, domain: str) -> bool:
    """Whether the topmost field is our server's and says that DMARC passes for ``domain``."""
    if not fields or not authserv_id or not domain:
        return False
    try:
        found = parse(fields[0])
    except MalformedError:
        return False
    verdicts = [result for result in found.results if result.method == "dmarc"]
    if found.authserv_id.lower() != authserv_id.lower() or len(verdicts) != 1:
        return False
    verdict = verdicts[0]
    return verdict.result == "pass" and _names(verdict, domain)


def disowned(fields: list[str], authserv_id: str, domain: str) -> bool:
    """Whether the topmost field is our server's and says that ``domain`` does not stand behind the
    mail: DMARC fails, or without a DMARC verdict SPF fails and no signature makes up for it.
    """
    if not fields or not authserv_id or not domain:
        return False
    try:
        found = parse(fields[0])
    except MalformedError:
        return False
    if found.authserv_id.lower() != authserv_id.lower():
        return False
    told = {(result.method, result.result) for result in found.results}
    if any(method == "dmarc" for method, _result in told):
        return ("dmarc", "fail") in told
    return ("spf", "fail") in told and ("dkim", "pass") not in told


def _names(verdict: Result, domain: str) -> bool:
    return verdict.properties.get("header.from", "").lower() == domain.lower()


def parse(text: str) -> AuthenticationResults:
    """Read one field's value; raises MalformedError."""
    clauses = _clauses(_without_comments(text))
    head = clauses[0]
    # The authserv-id may be followed by a version, which is 1 when it is absent.
    if not 1 <= len(head) <= 2 or "=" in head or (len(head) == 2 and head[1] != "1"):
        raise MalformedError("no authserv-id")
    results = [_result(clause) for clause in clauses[1:] if clause and clause != ["none"]]
    return AuthenticationResults(head[0], tuple(results))


def _without_comments(text: str) -> str:
    """Comments nest, and parentheses within quotes are no comments (RFC 5322, section 3.2.2)."""
    if len(text) > _LONGEST_FIELD:
        raise MalformedError("too long")
    kept: list[str] = []
    depth = 0
    quoted = escaped = False
    for sign in text:
        opening = sign == "(" and not (quoted or escaped)
        closing = sign == ")" and not (quoted or escaped)
        depth += opening
        if closing and depth == 0:
            raise MalformedError("a parenthesis that was not opened")
        if depth == 0:
            quoted ^= sign == '"' and not escaped
            kept.append(sign)
        elif closing:
            depth -= 1
            kept.append(" " if depth == 0 else "")
        escaped = sign == "\\" and not escaped and (quoted or depth > 0)
    if depth or quoted:
        raise MalformedError("a comment or quotation without its end")
    return "".join(kept)


def _clauses(text: str) -> list[list[str]]:
    """The words between the semicolons; "=" is a word of its own."""
    clauses: list[list[str]] = [[]]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise MalformedError("a character that may not stand there")
        position = token.end()
        if token["mark"] == ";":
            clauses.append([])
        elif not token["space"]:
            clauses[-1].append(_word(token))
    return clauses


def _word(token: re.Match[str]) -> str:
    if token["quoted"] is not None:
        return re.sub(r"\\(.)", r"\1", token["quoted"])
    return token["mark"] or token["word"]


def _result(clause: list[str]) -> Result:
    """``method=result`` and then ``ptype.property=value``, all of them in threes."""
    if len(clause) % 3 or any(equals != "=" for equals in clause[1::3]):
        raise MalformedError("not of the form name=value")
    names = [name.lower() for name in clause[0::3]]
    values = clause[2::3]
    method = names[0].partition("/")[0]
    properties = dict(zip(names[1:], values[1:], strict=True))
    if len(properties) != len(names) - 1:
        raise MalformedError("a property that is given twice")
    return Result(method, values[0].lower(), properties)
