"""HTML is read as a person sees it."""

from __future__ import annotations

import pytest

from bot.mail.html_text import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un</p><p>Deux<br>trois</p>", "Un\n\nDeux\ntrois"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a &amp; b&nbsp;c &eacute; &#8217;", "a & b\u00a0c é ’"),
        ("<ul><li>un<li>deux</ul>", "- un\n- deux"),
        (
            "<table><tr><td>Nom</td><td>Dupont</td></tr><tr><td>Tél. :</td><td>1</td></table>",
            "Nom : Dupont\nTél. : 1",
        ),
        (
            "<table><tr><th>a<th>b<th>c<tr><td><p>1</p><td><div>2</div><td>3</table>",
            "a : b | c\n1 : 2 | 3",
        ),
        ("x<blockquote>y<blockquote>z</blockquote></blockquote>w", "x\n\n> y\n>\n> > z\n\nw"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("  a\n   b\t c ", "a b c"),
        ("<title>t</title><style>s{}</style><script>x</script>a<!-- c -->", "a"),
        ("a<p>b<div>c", "a\n\nb\n\nc"),
    ],
)
def test_layout(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility: hidden",
        "font-size:0",
        "font-size:1px;color:red",
        "font-size:0.5pt",
        "max-height:0px; overflow:hidden",
        "opacity:0",
        "mso-hide:all",
        "color:#FFFFFF",
        "color: white",
        "text-indent:-9999px",
    ],
)
def test_what_is_hidden_is_not_read(style: str) -> None:
    assert html_to_text(f'a<span style="{style}">b<b>c</b></span>d') == "ad"


@pytest.mark.parametrize(
    "style",
    [
        "font-size:10px",
        "color:#fff;background:#003",
        "max-height:100px",
        "opacity:0.9",
        "color:#fafafa",
        "font-size:.8em",
        "font-size:0.9rem",
        "line-height:1.5",
        "font-size:1em",
    ],
)
def test_what_is_seen_is_read(style: str) -> None:
    assert html_to_text(f'a<span style="{style}">b</span>') == "ab"


def test_nesting_is_bounded() -> None:
    with pytest.raises(ValueError, match="deep"):
        html_to_text("<div>" * 100_000)
    assert html_to_text("<div>" * 300 + "x") == "x"
    assert html_to_text("<p>x" * 3).split() == ["x", "x", "x"]


def test_what_somebody_indented_is_not_a_quotation() -> None:
    indented = '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px">'
    cited = '<blockquote type="cite" style="border: none">'
    page = f"<p>Voici :</p>{indented}trois {cited}ancien</blockquote> PC</blockquote><p>Merci</p>"
    assert html_to_text(page) == "Voici :\n\ntrois\n\n> ancien\n\nPC\n\nMerci"
