"""Boards, lists and suggestions as people use them: by menus, by dragging and by keys, live on another screen."""

from __future__ import annotations

from playwright.async_api import Browser

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.people import Person
from tests.selection import mutation


async def rows(visitor_page: object) -> list[str]:
    """What the rows of a board that is being arranged say."""
    found: list[str] = await visitor_page.locator("li[draggable] bdi + span").all_inner_texts()  # type: ignore[attr-defined]
    return found


async def on_board(who: Person, board: str) -> list[str]:
    """The texts on a board, topmost first."""
    document = "query($id: ID!) { node(id: $id) { ... on Board { posts { edges { node { text } } } } } }"
    found = (await who.ask(document, id=board))["node"]["posts"]["edges"]
    return [edge["node"]["text"] for edge in found]


async def test_a_board_is_made_filled_and_put_in_order(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    posts = [await bob.write(f"Post {n}") for n in range(3)]
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/post/{posts[0]}")
        await visitor.post(posts[0]).get_by_role("button", name="More").click()
        await visitor.named("menuitem", "Add to board").click()
        await visitor.named("button", "New board").click()
        await visitor.page.get_by_label("Name of the board").fill("Blue")
        await visitor.named("button", "Make it").click()
        await visitor.named("checkbox", "Blue Only you").wait_for()
        await visitor.page.wait_for_function("() => document.querySelector('input[type=checkbox]').checked")
        await visitor.page.keyboard.press("Escape")
        await visitor.go("/bookmarks")
        await visitor.page.get_by_role("link", name="Blue").click()
        await visitor.post(posts[0]).wait_for()
        board = visitor.page.url.rpartition("/")[2]
        await visitor.hears("boardChanged")
        for post in posts[1:]:
            await ada.do(mutation("addToBoard"), boardId=board, postId=post)
        await visitor.post(posts[2]).wait_for()
        await visitor.named("button", "Arrange").click()
        await visitor.page.locator("li[draggable]").nth(2).wait_for()
        assert await rows(visitor.page) == ["Post 2", "Post 1", "Post 0"]
        await visitor.page.locator("li[draggable]").nth(2).focus()
        await visitor.page.keyboard.press("Alt+ArrowUp")
        assert await rows(visitor.page) == ["Post 2", "Post 0", "Post 1"], "at once"
        await visitor.named("button", "Move post 1 down").click()
        assert await rows(visitor.page) == ["Post 0", "Post 2", "Post 1"]
        await visitor.page.locator("li[draggable]").nth(2).drag_to(visitor.page.locator("li[draggable]").nth(0))
        await visitor.page.wait_for_function(
            "() => document.querySelector('li[draggable] bdi + span').textContent === 'Post 1'"
        )
        async with visiting(browser, site.url) as other:
            await other.be(ada)
            await other.go(f"/boards/{board}")
            await visitor.named("button", "Move post 1 down").click()
            await visitor.page.wait_for_function(
                "() => document.querySelector('li[draggable] bdi + span').textContent === 'Post 0'"
            )
            await other.page.wait_for_function(
                "() => document.querySelector('article[data-post]')?.dataset.post === " + repr(posts[0])
            )
        assert await on_board(ada, board) == ["Post 0", "Post 1", "Post 2"]


async def test_a_list_is_made_and_read_live_and_leaves_the_home(site: Site, browser: Browser) -> None:
    ada, bob, cleo = [await site.town.person(name) for name in ("ada", "bob", "cleo")]
    await ada.follow(bob)
    await bob.follow(cleo)
    first = await bob.write("First")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/lists")
        await visitor.named("button", "New list").click()
        await visitor.page.get_by_label("Name of the list").fill("Painters")
        await visitor.page.get_by_label("Show these people here alone").check()
        await visitor.named("button", "Make the list").click()
        await visitor.page.get_by_role("link", name="Painters").wait_for()
        await visitor.go(f"/@{bob.handle}")
        await visitor.page.locator("main").get_by_role("button", name="More").first.click()
        await visitor.named("menuitem", "Add to lists").click()
        await visitor.page.get_by_role("checkbox").check()
        await visitor.page.keyboard.press("Escape")
        await visitor.go("/lists")
        await visitor.page.get_by_role("link", name="Painters").click()
        await visitor.post(first).wait_for()
        await visitor.hears("userListTimeline")
        second = await bob.write("Second")
        await visitor.page.get_by_role("button", name="1 new post").click()
        await visitor.post(second).wait_for()
        await visitor.go("/")
        assert second not in await visitor.posts()
        await visitor.page.get_by_role("link", name="Who to follow").click()
        await visitor.page.get_by_text(f"Followed by {bob.handle}").first.wait_for()
        await visitor.named("button", f"Do not suggest @{cleo.handle}").click()
        await visitor.named("button", f"Do not suggest @{cleo.handle}").wait_for(state="detached")


async def test_looking_at_a_post_counts_and_its_author_is_told(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await ada.write("Look at me")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(bob)
        async with visitor.page.expect_response(lambda one: "seenMutation" in (one.request.post_data or "")):
            await visitor.go(f"/post/{post}")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/post/{post}")
        await visitor.post(post).get_by_role("button", name="More").click()
        await visitor.named("menuitem", "Insights").click()
        await visitor.page.get_by_text("Views in the last 30 days").wait_for()
        assert await visitor.audit() == []
