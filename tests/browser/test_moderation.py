"""Reporting, the desk and appeals, by mouse and by key; nothing on them is wrong for who cannot see it."""

from __future__ import annotations

import asyncpg
from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting
from tests.moderating import act_about, case_about, mine, report
from tests.people import Person
from tests.scene import number


async def employ(site: Site, person: Person, role: str = "MODERATOR") -> None:
    """Give somebody a role, as whoever runs the place does."""
    connection = await asyncpg.connect(site.house.stack.environment()["DATABASE_URL"])
    try:
        await connection.execute("UPDATE users SET role = $2 WHERE id = $1", number(person.id), role)
    finally:
        await connection.close()


async def staffed(site: Site) -> Person:
    """A moderator."""
    found = await site.town.person("mod")
    await employ(site, found)
    return found


async def test_a_post_is_reported_from_its_menu(site: Site, browser: Browser) -> None:
    ada, bob, mod = await site.town.person("ada"), await site.town.person("bob"), await staffed(site)
    post = await ada.write("Something vile")
    async with visiting(browser, site.url, viewport=PHONE) as reader:
        await reader.be(bob)
        await reader.go(f"/post/{post}")
        await reader.page.locator(f'[data-post="{post}"]').get_by_role("button", name="More", exact=True).click()
        await reader.named("menuitem", "Report").click()
        await reader.named("radio", "Something else").check()
        await reader.named("button", "Send the report").click()
        await reader.page.get_by_text("Say what is wrong.", exact=True).wait_for()
        assert await reader.audit() == []
        await reader.named("radio", "Harassment or bullying").check()
        await reader.page.get_by_label("Anything else we should know?").fill("Every day.")
        await reader.named("button", "Send the report").click()
        await reader.page.get_by_text("Thank you. Somebody will look at it.", exact=True).wait_for()
        await reader.go("/moderation")
        await reader.page.get_by_text("Waits for a decision", exact=True).wait_for()
        assert await reader.audit() == []
        await reader.named("link", "See the post").click()
        await reader.page.get_by_text("Something vile", exact=True).wait_for()
    case = await case_about(mod, ada)
    assert [edge["node"]["note"] for edge in case["reports"]["edges"]] == ["Every day."]


async def test_a_moderator_decides_and_whom_it_concerns_appeals(site: Site, browser: Browser) -> None:
    ada, bob, mod = await site.town.person("ada"), await site.town.person("bob"), await staffed(site)
    post = await ada.write("Something vile")
    await report(bob, "HATE", postId=post)
    case = await case_about(mod, ada)
    async with visiting(browser, site.url) as desk, visiting(browser, site.url, viewport=PHONE) as author:
        await desk.be(mod)
        await desk.go("/desk")
        await desk.named("link", f"Case {case['number']}").click()
        await desk.named("button", "Take it").click()
        await desk.named("button", "Give it back").wait_for()
        await desk.page.get_by_label("What to do").select_option("HIDE")
        await desk.page.get_by_label("What to tell them").fill("Be kind.")
        assert await desk.audit() == []
        await desk.named("button", "Do it").click()
        await desk.page.get_by_text("It is done, and written down.", exact=True).wait_for()
        await expect(desk.named("heading", "What was done")).to_be_visible()
        await expect(desk.named("heading", "Decide")).to_have_count(0)
        await author.be(ada)
        await author.go(f"/post/{post}")
        await author.named("link", "Moderators took this down: only you see it.").click()
        await author.page.get_by_text("Be kind.", exact=True).wait_for()
        await author.named("button", "Appeal").click()
        await author.page.get_by_label("Why was this wrong?").fill("It was a quotation.")
        await author.named("button", "Send the appeal").click()
        await author.page.get_by_text("You have appealed. Another moderator decides.", exact=True).wait_for()
        assert await author.audit() == []
        judge = await staffed(site)
        await desk.context.clear_cookies()
        await desk.be(judge)
        await desk.go("/desk/appeals")
        row = desk.page.get_by_role("listitem").filter(has_text=f"@{ada.handle}")
        await row.get_by_role("button", name="Grant").click()
        await desk.page.get_by_text("The appeal is decided.", exact=True).wait_for()
        await expect(row).to_have_count(0)
    assert [edge["node"]["kind"] for edge in (await mine(ada))["moderationActions"]["edges"]] == ["REVERSE", "HIDE"]


async def test_what_moderators_say_of_a_post_stands_on_it(site: Site, browser: Browser) -> None:
    ada, mod = await site.town.person("ada"), await staffed(site)
    post = await ada.write("Believe me")
    await act_about(mod, "LABEL", "OTHER", {"label": {"value": "MISLEADING", "severity": "ALERT"}}, postId=post)
    async with visiting(browser, site.url) as reader:
        await reader.go(f"/post/{post}")
        await reader.page.get_by_text("Misleading").wait_for()
        await reader.go("/desk")
        await reader.page.get_by_text("The desk is for moderators.", exact=True).wait_for()


async def test_the_keyboard_keeps_its_place_at_the_desk(site: Site, browser: Browser) -> None:
    ada, bob, mod = await site.town.person("ada"), await site.town.person("bob"), await staffed(site)
    post = await ada.write("Something vile")
    await report(bob, "HATE", postId=post)
    case = await case_about(mod, ada)
    async with visiting(browser, site.url) as desk:
        await desk.be(mod)
        await desk.go("/desk")
        await desk.named("link", f"Case {case['number']}").click()
        await expect(desk.named("link", "See the post")).to_be_visible()
        await desk.named("button", "Take it").press("Enter")
        await expect(desk.named("button", "Give it back")).to_be_focused()
        await desk.named("textbox", "Note").fill("I know them.")
        await desk.named("button", "Add a note").press("Enter")
        await desk.page.get_by_text("I know them.", exact=True).wait_for()
        await expect(desk.named("textbox", "Note")).to_be_focused()
        await expect(desk.named("textbox", "Note")).to_have_value("")
        await desk.page.get_by_label("What to do").select_option("WARN")
        await desk.page.get_by_label("What to tell them").fill("Be kind.")
        await desk.named("checkbox", "Keep the case open").check()
        await desk.named("button", "Do it").press("Enter")
        await expect(desk.named("heading", "What was done")).to_be_focused()
        await expect(desk.page.get_by_label("What to tell them")).to_have_value("")
        await desk.go("/desk/log")
        decided = desk.page.get_by_role("listitem").filter(has_text=f"@{ada.handle}").filter(has_text="Warned")
        await expect(decided).to_contain_text("Warned · Post · Hate against people for what they are")


async def test_who_is_suspended_is_told_so_everywhere_and_appeals(site: Site, browser: Browser) -> None:
    ada, mod = await site.town.person("ada"), await staffed(site)
    await act_about(mod, "SUSPEND", "SPAM", userId=ada.id)
    async with visiting(browser, site.url, viewport=PHONE) as author, visiting(browser, site.url) as desk:
        await author.be(ada)
        await author.go("/explore")
        told = author.page.get_by_role("status").filter(has_text="Your account is suspended")
        assert await author.audit() == []
        await told.get_by_role("link", name="See why, and appeal").click()
        await author.named("button", "Appeal").click()
        await expect(author.page.get_by_label("Why was this wrong?")).to_be_focused()
        await author.page.get_by_label("Why was this wrong?").fill(f"It was not {ada.handle}.")
        await author.named("button", "Send the appeal").click()
        await author.page.get_by_text("You have appealed. Another moderator decides.", exact=True).wait_for()
        await desk.be(await staffed(site))
        await desk.go("/desk/appeals")
        row = desk.page.get_by_role("listitem").filter(has_text=f"It was not {ada.handle}.")
        await expect(row).to_contain_text("An account that is suspended or closed")
        await row.get_by_label("Answer").fill("So it was.")
        await row.get_by_role("button", name="Grant").click()
        await expect(row).to_have_count(0)
        await author.go("/explore")
        await expect(told).to_have_count(0)
