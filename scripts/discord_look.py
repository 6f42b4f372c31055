"""A stand-in for Discord's look: components and its markdown as HTML, for pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

Component = dict[str, Any]

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #313338; color: #dbdee1; font: 16px/1.375 "gg sans", "Noto Sans", "Noto Sans CJK SC", "DejaVu Sans",
  sans-serif; padding: 16px; width: 760px }
.message { display: flex; gap: 16px; margin-bottom: 18px }
.avatar { width: 40px; height: 40px; border-radius: 50%; flex: none; display: grid; place-items: center;
  font-weight: 700; color: #fff; font-size: 18px }
.who { font-weight: 600; color: #f2f3f5 } .when { color: #949ba4; font-size: 12px; margin-left: 6px }
.app { background: #5865f2; color: #fff; font-size: 10px; font-weight: 600; border-radius: 4px; padding: 1px 5px;
  margin-left: 5px; vertical-align: 2px }
.body { min-width: 0; flex: 1 } .quiet { color: #949ba4; font-size: 12px; margin-top: 4px }
.box { background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid #3f4147; border-radius: 8px;
  padding: 14px 16px; margin-top: 6px; max-width: 640px; display: flex; flex-direction: column; gap: 8px }
.rule { border-top: 1px solid #3f4147 } .beside { display: flex; gap: 12px; align-items: flex-start }
.beside > :first-child { flex: 1 }
h3 { font-size: 18px; color: #f2f3f5; line-height: 1.3 } .small { font-size: 13px; color: #949ba4 }
p, ol, ul { margin: 0 } ol, ul { padding-left: 24px } p + p { margin-top: 2px } .gap { height: 8px }
code { background: #1e1f22; border-radius: 4px; padding: 1px 4px;
  font: 14px "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace }
pre { background: #1e1f22; border: 1px solid #3f4147; border-radius: 6px; padding: 8px 10px; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13.5px/1.35 "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace }
a { color: #00a8fc; text-decoration: none } b { color: #f2f3f5 } .mention { background: #3c4270; color: #c9cdfb;
  border-radius: 3px; padding: 0 2px }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; max-width: 640px }
.button { border-radius: 8px; padding: 6px 14px; color: #fff; background: #4e5058; font-size: 14px; font-weight: 500;
  white-space: nowrap }
.b1 { background: #5865f2 } .b3 { background: #248046 } .b4 { background: #da373c }
.select { background: #1e1f22; border: 1px solid #3f4147; border-radius: 8px; padding: 8px 12px; width: 420px;
  display: flex; justify-content: space-between; color: #dbdee1; font-size: 15px }
.select .small { display: block }
.field { background: #1e1f22; border-radius: 6px; padding: 10px; color: #949ba4; min-height: 90px; margin-top: 6px }
"""
_FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BARE = re.compile(r"&lt;(https?://[^&\s]+)&gt;")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PLACE = re.compile(r"&lt;(#|@&amp;)(\d+)&gt;")
NAMES = {"#": "pinterest-help", "@&amp;": "Helpers"}


def markdown(text: str) -> str:
    """Return Discord's markdown, as far as the bot uses it, as HTML."""
    blocks, last = [], 0
    for found in _FENCE.finditer(text):
        blocks += list(_lines(text[last : found.start()]))
        blocks.append(f"<pre>{html.escape(found[2].rstrip())}</pre>")
        last = found.end()
    return "".join([*blocks, *_lines(text[last:])])


def _lines(text: str) -> Iterator[str]:
    kind = ""
    for line in text.strip("\n").split("\n") if text.strip() else []:
        numbered, dotted = re.match(r"(\d+)\. (.*)", line), re.match(r"- (.*)", line)
        now = "ol" if numbered else "ul" if dotted else ""
        if kind and now != kind:
            yield f"</{kind}>"
        if now and now != kind:
            yield f'<ol start="{numbered[1]}">' if numbered else "<ul>"
        kind = now
        if numbered or dotted:
            yield f"<li>{_inline(line.partition(' ')[2])}</li>"
        elif line.startswith("-# "):
            yield f'<p class="small">{_inline(line[3:])}</p>'
        elif line.startswith("### "):
            yield f"<h3>{_inline(line[4:])}</h3>"
        else:
            yield f"<p>{_inline(line)}</p>" if line.strip() else '<div class="gap"></div>'
    if kind:
        yield f"</{kind}>"


def _inline(text: str) -> str:
    codes: list[str] = []

    def keep(found: re.Match[str]) -> str:
        codes.append(f"<code>{html.escape(found[1])}</code>")
        return f"\0{len(codes) - 1}\0"

    text = html.escape(_CODE.sub(keep, text), quote=False)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    text = _BARE.sub(r'<a href="\1">\1</a>', text)
    text = _PLACE.sub(lambda found: f'<span class="mention">{found[1][0]}{NAMES[found[1]]}</span>', text)
    text = re.sub(r"&lt;t:\d+:R&gt;", '<span class="mention">3 days ago</span>', text)
    text = _BOLD.sub(r"<b>\1</b>", text)
    return re.sub(r"\0(\d+)\0", lambda found: codes[int(found[1])], text)


def drawn(component: Component) -> str:
    """Return one component as HTML."""
    kind, inside = component["type"], component.get("components") or []
    if kind == 17:
        colour = component.get("accent_color")
        edge = f' style="border-left-color:#{colour:06x}"' if colour is not None else ""
        return f'<div class="box"{edge}>{"".join(map(drawn, inside))}</div>'
    if kind == 1:
        return f'<div class="row">{"".join(map(drawn, inside))}</div>'
    if kind == 2:
        return f'<div class="button b{component["style"]}">{html.escape(component["label"])}</div>'
    if kind == 9:
        return f'<div class="beside"><div>{"".join(map(drawn, inside))}</div>{drawn(component["accessory"])}</div>'
    if kind == 10:
        return f"<div>{markdown(component['content'])}</div>"
    if kind == 14:
        return '<div class="rule"></div>'
    chosen = [each for each in component.get("options") or [] if each.get("default")]
    words = ", ".join(each["label"] for each in chosen) or component.get("placeholder", "")
    about = chosen[0].get("description") if chosen else None
    small = f'<span class="small">{html.escape(about)}</span>' if about else ""
    return f'<div class="select"><span>{html.escape(words)}{small}</span><span>⌄</span></div>'


def said(name: str, colour: str, content: str, *, app: bool = False, quiet: str = "") -> str:
    """Return one message with its author; `content` is HTML."""
    tag = '<span class="app">APP</span>' if app else ""
    note = f'<div class="quiet">{quiet}</div>' if quiet else ""
    return (
        f'<div class="message"><div class="avatar" style="background:{colour}">{name[0].upper()}</div>'
        f'<div class="body"><span class="who">{name}</span>{tag}<span class="when">Today at 10:42</span>'
        f"<div>{content}</div>{note}</div></div>"
    )


def page(body: str) -> str:
    """Return a whole page."""
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{body}</body>'
