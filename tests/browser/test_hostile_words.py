"""Words that would be code if anybody let them: as posts, names, descriptions, alt texts, prompts and addresses, on every page that shows them."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.people import Person
from tests.selection import UPDATE_PROFILE, mutation

FLAG = "window.__x=1"
MARKUP = [
    f"<script>{FLAG}</script>", f"<img src=x onerror={FLAG}>", f"<svg/onload={FLAG}>", f"\"><script>{FLAG}</script>", f"'><img src=x onerror={FLAG}>",
    f"</textarea><script>{FLAG}</script>", f"</title><script>{FLAG}</script>", f"</style><script>{FLAG}</script>", f"<iframe srcdoc='<script>parent.{FLAG}</script>'>",
    f"<body onload={FLAG}>", f"<details open ontoggle={FLAG}>", f"<video><source onerror={FLAG}>", f"<math><mtext></form><form><mglyph><svg><mtext><style><path id=</style><img onerror={FLAG} src>",
    f"<a href=javascript:{FLAG}>x</a>", f"<form action=javascript:{FLAG}><input type=submit autofocus onfocus={FLAG}>", "<base href=//evil.example/><script src=x></script>",
    "<link rel=stylesheet href=//evil.example/x.css>", f"<meta http-equiv=refresh content='0;url=javascript:{FLAG}'>", f"<object data='data:text/html,<script>{FLAG}</script>'>",
    f"<template><script>{FLAG}</script></template>", f"<noscript><p title=\"</noscript><img src=x onerror={FLAG}>\">", f"<!--><img src=x onerror={FLAG}>-->",
    f"<ScRiPt>{FLAG}</sCrIpT>", f"<scr<script>ipt>{FLAG}</scr</script>ipt>", f"\u003cscript\u003e{FLAG}\u003c/script\u003e", f"＜script＞{FLAG}＜/script＞", f"&lt;script&gt;{FLAG}&lt;/script&gt;",
    f"{{{{constructor.constructor('{FLAG}')()}}}}", f"${{{FLAG}}}", f"<%= {FLAG} %>", f"#{{{FLAG}}}", f"[click](javascript:{FLAG})", f"![x](x\" onerror=\"{FLAG})",
    f"javascript:{FLAG}", f"JaVaScRiPt:{FLAG}", f"java\tscript:{FLAG}", f"\x01javascript:{FLAG}", f"data:text/html,<script>{FLAG}</script>", f"vbscript:{FLAG}", "file:///etc/passwd",
    f"https://a.example/\"onmouseover=\"{FLAG}", f"https://a.example/'><script>{FLAG}</script>", f"https://user:{FLAG}@evil.example/", "https://a.example\u202e/moc.elgoog//:sptth",
    f"@ada\"onclick=\"{FLAG}", f"#tag<script>{FLAG}</script>", "__proto__", "constructor", "</script><!--", "\u2028\u2029", "\u202eevil\u202c", "e" + "\u0301" * 60, "\ufeff\u200b\u200d",
]  # fmt: skip
OF_PAGES = """() => ({
    ran: window.__x ?? null,
    links: [...document.links].map((one) => one.href).filter((one) => !/^(https?|mailto):/.test(one)),
    strange: [...document.querySelectorAll('script, iframe, object, embed, base, form[action], [onerror], [onload], [srcdoc], meta[http-equiv]')]
        .filter((one) => !(one.tagName === 'SCRIPT' && new URL(one.src, location).origin === location.origin && one.src)).map((one) => one.outerHTML.slice(0, 200)),
    away: [...document.querySelectorAll('a[href^="http"]')].filter((one) => new URL(one.href).origin !== location.origin && !/noopener/.test(one.rel)).map((one) => one.outerHTML),
})"""


async def said(writer: Person, site: Site) -> dict[str, str]:
    """Everything that a person can say in public; the places where it is shown by name."""
    picture = await site.picture(writer)
    for first, second in zip(MARKUP[::2], MARKUP[1::2], strict=False):
        await writer.attempt("CreatePost", text=f"{first}\n{second}")
    hostile = MARKUP[1]
    post = await writer.write(
        f"{MARKUP[0]} #fox https://a.example/x{MARKUP[4]}",
        images=[{"imageId": picture, "altText": hostile}],
        contentWarning=None,
    )
    await writer.write(MARKUP[4], replyToId=post)
    await writer.attempt("CreatePost", text="x", contentWarning=hostile)
    given = {
        "displayName": "<b onclick=x>Ada</b>",
        "bio": "\n".join(MARKUP[:6])[:280],
        "location": MARKUP[1][:28],
        "pronouns": "<i>x</i>",
    }
    await writer.attempt(UPDATE_PROFILE, **given)
    for website in (
        f"javascript:{FLAG}",
        f"data:text/html,<script>{FLAG}</script>",
        f'https://a.example/"onmouseover="{FLAG}',
    ):
        await writer.attempt(UPDATE_PROFILE, website=website)
    board = (await writer.do(mutation("createBoard"), name=MARKUP[1][:40], audience="PUBLIC"))["board"]["id"]
    people = (await writer.do(mutation("createList"), name=MARKUP[2][:20], isPrivate=False))["list"]["id"]
    return {
        "conversation": f"/post/{post}", "profile": f"/@{writer.handle}", "board": f"/boards/{board}", "list": f"/lists/{people}", "explore": "/explore",
        "search": "/search?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.__x%3D1%3E", "tag": "/tag/fox", "odd tag": "/tag/%3Csvg%20onload%3Dwindow.__x%3D1%3E",
        "nobody": "/@%3Cscript%3Ewindow.__x=1%3C%2Fscript%3E", "nothing": "/%22%3E%3Cscript%3Ewindow.__x=1%3C/script%3E", "log in": "/login?next=javascript:window.__x=1",
        "away": "/login?next=//evil.example/",
    }  # fmt: skip


async def test_nothing_that_people_write_becomes_code(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await bob.follow(ada)
    places = await said(ada, site)
    async with visiting(browser, site.url) as visitor:
        await visitor.be(bob)
        for name, path in {"home": "/", **places}.items():
            await visitor.page.goto(site.url + path)
            await expect(visitor.page.locator("main h1").first).to_be_attached()
            await asyncio.wait_for(visitor.page.wait_for_load_state("networkidle"), 60)
            found = await visitor.page.evaluate(OF_PAGES)
            assert found == {"ran": None, "links": [], "strange": [], "away": []}, (name, found)
        visitor.forgive(r"404 \(Not Found\)")
