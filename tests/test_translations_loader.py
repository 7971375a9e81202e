"""The loader of catalogs: which languages there are, and that none falls back to English unseen."""

import gettext
from pathlib import Path

import pytest
from babel import UnknownLocaleError

import translations
from translations import Catalogs, Domain, UnknownLanguage
from translations.compiling import BrokenCatalog, compile_all, compiled, is_current

TWENTY = "en vi id km my zh-hans th lo fil ms bn ne hi ur si ta ja ko es ar".split()

PO = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Good morning."
msgstr "{hello}"

msgid "One day"
msgid_plural "%(n)s days"
{days}
"""


def write(
    folder: Path, tag: str, hello: str, days: str, plurals: str, domain: Domain = "bot"
) -> Path:
    path = folder / tag / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    locale = tag.replace("-", "_")
    path.write_text(PO.format(locale=locale, hello=hello, days=days, plurals=plurals), "utf-8")
    return path


@pytest.fixture
def vietnamese(tmp_path: Path) -> Path:
    return write(
        tmp_path, "vi", "Chào buổi sáng.", 'msgstr[0] "%(n)s ngày"', "nplurals=1; plural=0;"
    )


@pytest.fixture
def three(tmp_path: Path, vietnamese: Path) -> Catalogs:
    """Vietnamese, Filipino and Chinese beside English; staff have Vietnamese alone."""
    days = 'msgstr[0] "%(n)s araw"\nmsgstr[1] "%(n)s na araw"'
    write(tmp_path, "fil", "Magandang umaga.", days, "nplurals=2; plural=(n != 1);")
    write(tmp_path, "zh-hans", "早上好。", 'msgstr[0] "%(n)s 天"', "nplurals=1; plural=0;")
    write(
        tmp_path,
        "vi",
        "Chào.",
        'msgstr[0] "%(n)s ngày"',
        "nplurals=1; plural=0;",
        domain="webadmin",
    )
    return Catalogs(tmp_path)


def test_english_is_there_without_any_catalog(tmp_path: Path) -> None:
    nothing = Catalogs(tmp_path)
    assert nothing.languages("bot") == ("en",)
    assert nothing.catalog("bot", "en").gettext("Good morning.") == "Good morning."
    assert nothing.catalog("bot", "en").ngettext("One day", "%(n)s days", 2) == "%(n)s days"


def test_each_domain_has_the_languages_of_its_own_catalogs(three: Catalogs) -> None:
    assert three.languages("bot") == ("en", "fil", "vi", "zh-hans")
    assert three.languages("webadmin") == ("en", "vi")


def test_a_source_checkout_without_mo_files_speaks_the_language(three: Catalogs) -> None:
    assert three.catalog("bot", "vi").gettext("Good morning.") == "Chào buổi sáng."
    assert three.catalog("webadmin", "vi").gettext("Good morning.") == "Chào."


def test_plural_forms_follow_the_header(three: Catalogs) -> None:
    vietnamese, filipino = three.catalog("bot", "vi"), three.catalog("bot", "fil")
    assert vietnamese.ngettext("One day", "%(n)s days", 1) == "%(n)s ngày"
    assert filipino.ngettext("One day", "%(n)s days", 1) == "%(n)s araw"
    assert filipino.ngettext("One day", "%(n)s days", 5) == "%(n)s na araw"


def test_a_catalog_is_opened_once(three: Catalogs) -> None:
    assert three.catalog("bot", "vi") is three.catalog("bot", "vi")


def test_a_stale_mo_is_not_used_whatever_its_date(tmp_path: Path, vietnamese: Path) -> None:
    [mo] = compile_all(tmp_path)
    days = 'msgstr[0] "%(n)s ngày"'
    write(tmp_path, "vi", "Xin chào buổi sáng.", days, "nplurals=1; plural=0;")
    assert mo.stat().st_mtime <= vietnamese.stat().st_mtime
    mo.touch()
    assert not is_current(vietnamese, mo)
    loaded = Catalogs(tmp_path).catalog("bot", "vi")
    assert loaded.gettext("Good morning.") == "Xin chào buổi sáng."


def test_a_mo_alone_is_enough(tmp_path: Path, vietnamese: Path) -> None:
    compile_all(tmp_path)
    vietnamese.unlink()
    alone = Catalogs(tmp_path)
    assert alone.languages("bot") == ("en", "vi")
    assert alone.catalog("bot", "vi").gettext("Good morning.") == "Chào buổi sáng."


def test_compiling_again_writes_nothing(tmp_path: Path, vietnamese: Path) -> None:
    mo = vietnamese.with_suffix(".mo")
    assert compile_all(tmp_path) == [mo]
    assert compile_all(tmp_path) == []
    assert sorted(path.name for path in mo.parent.iterdir()) == ["bot.mo", "bot.po"]


def test_a_compiled_catalog_is_the_same_every_time_and_plain_gettext_reads_it(
    vietnamese: Path,
) -> None:
    assert compiled(vietnamese) == compiled(vietnamese)
    compile_all(vietnamese.parents[2])
    with vietnamese.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Good morning.") == "Chào buổi sáng."


def test_a_broken_catalog_is_an_error_that_names_its_file(vietnamese: Path) -> None:
    vietnamese.write_text('msgid "Good morning.\n', "utf-8")
    with pytest.raises(BrokenCatalog, match=r"bot\.po"):
        compiled(vietnamese)


def test_an_unknown_language_is_an_error_and_not_english(three: Catalogs) -> None:
    with pytest.raises(UnknownLanguage, match=r"add translations/km/LC_MESSAGES/bot\.po"):
        three.catalog("bot", "km")


@pytest.mark.parametrize("tag", ("../vi", "vi/../vi", "", "VI", "/etc"))
def test_a_tag_is_never_a_path(three: Catalogs, tag: str) -> None:
    with pytest.raises(UnknownLanguage):
        three.catalog("bot", tag)


@pytest.mark.parametrize(
    ("hint", "found"),
    (
        ("vi", "vi"),
        ("vi-VN", "vi"),
        ("vi_VN", "vi"),
        (" VI ", "vi"),
        ("tl", "fil"),
        ("tl-PH", "fil"),
        ("zh-hans", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-hant-TW", "zh-hans"),
        ("zh_Hans_SG", "zh-hans"),
        ("en-GB", "en"),
        ("in", None),  # Indonesian, which these catalogs do not have
        ("de", None),
        ("v", None),
        ("-", None),
        ("", None),
    ),
)
def test_a_hint_of_the_channel_finds_the_language(
    three: Catalogs, hint: str, found: str | None
) -> None:
    assert three.match(hint, "bot") == found


def test_a_hint_finds_only_languages_of_the_domain(three: Catalogs) -> None:
    assert three.match("tl", "webadmin") is None


def test_an_old_name_of_indonesian_is_indonesian(tmp_path: Path) -> None:
    days = 'msgstr[0] "%(n)s hari"'
    write(tmp_path, "id", "Selamat pagi.", days, "nplurals=1; plural=0;")
    assert Catalogs(tmp_path).match("in-ID", "bot") == "id"


def test_every_language_of_the_plan_has_a_name_of_its_own() -> None:
    names = [translations.own_name(tag) for tag in TWENTY]
    assert len(set(names)) == len(TWENTY) == 20
    assert translations.own_name("id") == "Bahasa Indonesia"
    assert translations.own_name("ms") == "Bahasa Melayu"


def test_a_language_that_only_brings_a_catalog_is_named_by_unicode() -> None:
    assert translations.own_name("de") == "Deutsch"


def test_urdu_and_arabic_run_right_to_left() -> None:
    assert [tag for tag in TWENTY if translations.is_rtl(tag)] == ["ur", "ar"]


def test_a_tag_knows_how_its_language_writes_dates() -> None:
    assert str(translations.babel_locale("zh-hans")) == "zh_Hans"
    assert [translations.babel_locale(tag).language for tag in ("fil", "my")] == ["fil", "my"]
    with pytest.raises(UnknownLocaleError):
        translations.babel_locale("xx")


def test_marks_change_nothing() -> None:
    assert translations.N_("Good morning.") == "Good morning."
    assert translations.NP_("One day", "%(n)s days") == ("One day", "%(n)s days")


def test_every_shipped_catalog_opens() -> None:
    for domain in translations.DOMAINS:
        for tag in translations.languages(domain):
            assert translations.catalog(domain, tag) is translations.catalog(domain, tag)
