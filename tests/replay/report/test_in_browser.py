"""The report in a real browser: headless chromium, where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.report import write_report
from replay.trace_reader import read_trace
from tests.replay.bench import ASKED
from tests.replay.recorded import run_of, text_lesson, without_target
from tests.replay.report.browser import CHROMIUM, Browser, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

NOW = "document.querySelector('section.step.now').id"
SHOWN = "[...document.querySelectorAll('section.step')].filter(s => s.offsetParent !== null).length"
PICTURES = """Promise.all([...document.querySelectorAll('image')].map(image => new Promise((good, bad) => {
    const copy = new Image(); copy.onload = () => good(copy.naturalWidth); copy.onerror = bad;
    copy.src = image.getAttribute('href'); })))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    lesson = text_lesson(folder / "lesson")
    run_of(folder / "run", lesson.recipe, ASKED)
    run_of(folder / "pictures", lesson.recipe, ASKED, pictures=True)
    run_of(folder / "parted", without_target(lesson.recipe, 2), ASKED)
    for name in ("run", "pictures", "parted"):
        write_report(folder / name, folder / f"{name}.html", taught=read_trace(lesson.path))
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Browser]:
    with browser(folder / "profile") as page:
        page.open(folder / "run.html")
        yield page


@pytest.fixture(autouse=True)
def whole(page: Browser) -> Iterator[None]:
    yield
    page.scripts(on=True)


def test_keys_move_the_timeline_and_nothing_complains(page: Browser, folder: Path) -> None:
    page.go(folder / "run.html")
    assert (page.run(NOW), page.run(SHOWN)) == ("step-1", 1)

    seen = []
    for key in ("ArrowRight", "j", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowLeft"):
        page.press(key)
        seen.append(page.run(NOW))

    assert seen == ["step-2", "step-3", "step-2", "step-5", "step-5", "step-1", "step-1"]
    page.press("End")
    assert page.run("location.hash") == "#step-5"
    assert page.run("document.querySelector('.film a[aria-current]').dataset.step") == "5"
    page.press("a")
    assert page.run(SHOWN) == 5
    assert page.complaints == []


def test_a_fragment_opens_its_step_and_a_click_on_the_film_another(page: Browser, folder: Path) -> None:
    page.go(folder / "parted.html", "#parting")
    assert page.run(NOW) == "parting"

    page.run("document.querySelector('.film a').click()")

    assert page.run(NOW) == "step-1"
    assert page.complaints == []


def test_words_on_screens_are_found(page: Browser, folder: Path) -> None:
    page.go(folder / "run.html")
    page.press("/")
    assert page.run("document.activeElement.id") == "search"
    page.run("search.value = 'David Miller'; search.dispatchEvent(new Event('input'))")

    assert page.run("found.textContent").endswith("of 5 steps")
    assert page.run("[...document.querySelectorAll('.film li:not(.gone)')].length") == 2  # before, and after
    page.press("Escape")
    assert page.run("[...document.querySelectorAll('.film li:not(.gone)')].length") == 5


def test_pictures_load_and_nothing_is_fetched(page: Browser, folder: Path) -> None:
    page.requested.clear()
    page.go(folder / "pictures.html")

    widths = page.run(PICTURES)

    assert len(widths) >= 5
    assert min(widths) >= 400
    assert [url for url in page.requested if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == []


def test_with_scripts_off_every_step_can_be_read(page: Browser, folder: Path) -> None:
    page.scripts(on=False)
    page.go(folder / "run.html")
    page.scripts(on=True)  # to ask; the page's own has not run

    assert page.run("document.body.classList.contains('one')") is False
    assert page.run(SHOWN) == 5
    assert page.run("document.querySelector('.tools').hidden") is True


def test_light_and_dark_differ(page: Browser, folder: Path, tmp_path: Path) -> None:
    page.go(folder / "run.html")
    light = page.run("getComputedStyle(document.body).backgroundColor")
    page.press("t")

    assert page.run("getComputedStyle(document.body).backgroundColor") != light
    assert len(page.screenshot(tmp_path / "dark.png")) > 20_000
