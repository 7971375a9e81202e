"""The shipped catalogs are in step with the code and sound; and the checker can tell when not."""

from pathlib import Path

import pytest
from babel import UnknownLocaleError
from babel.messages.catalog import Catalog

from translations import languages
from translations.checks import problems
from translations.compiling import compile_all
from translations.extraction import extract
from translations.headers import read_header, write_header
from translations.loading import DOMAINS, Catalogs
from translations.plurals import numbers_by_form, plural_forms, same_plurals
from translations.update import ROOT, add, merged, outdated, update

CODE = """
from translations import N_, NP_

# Translators: said first of all.
HELLO = N_("Good morning.")
CASE = N_("Your case is %(reference)s.")
DAYS = NP_("One day", "%(n)s days")
NOT_OURS = "Never translated."
"""
PAGE = "<p>{{ _('Sign in') }}</p><p>{{ ngettext('%(num)s case', '%(num)s cases', n) }}</p>"

INDONESIAN = """\
# Indonesian for workers
msgid ""
msgstr ""
"Project-Id-Version: recourse\\n"
"Language: id\\n"
"X-Drafted-By: a machine\\n"
"X-Native-Review: pending\\n"
"Plural-Forms: nplurals=1; plural=(0);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#. said first of all.
#: bot/greeting.py
msgid "Good morning."
msgstr "Selamat pagi."

#: bot/greeting.py
#, python-format
msgid "Your case is %(reference)s."
msgstr "Kasus Anda %(reference)s."

#: bot/greeting.py
#, python-format
msgid "One day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s hari"
"""


# --- what is shipped -------------------------------------------------------------------------


def test_templates_and_catalogs_are_in_step_with_the_code() -> None:
    stale = [str(path.relative_to(ROOT)) for path in outdated()]
    assert not stale, f"run ./run catalogs and commit what it writes: {stale}"


def test_workers_are_spoken_to_in_the_languages_promised_so_far() -> None:
    assert {"en", "vi", "id", "my"} <= set(languages("bot"))


def test_staff_read_their_pages_in_the_languages_promised() -> None:
    assert {"en", "vi", "id", "km", "zh-hans", "ja"} <= set(languages("webadmin"))


def test_every_shipped_catalog_is_sound() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {problem}"
        for domain in DOMAINS
        for template in [extract(ROOT, domain)]
        for path in sorted(ROOT.glob(f"translations/*/LC_MESSAGES/{domain}.po"))
        for problem in problems(path, template)
    ]
    assert not wrong, "\n".join(wrong)


# --- the checker -----------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project: one module, one page, one complete catalog."""
    for name, text in {
        "bot/greeting.py": CODE,
        "webadmin/templates/start.html": PAGE,
        "webadmin/static/vendor/others.py": '_("Not ours.")',
        "translations/id/LC_MESSAGES/bot.po": INDONESIAN,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def template(project: Path) -> Catalog:
    return extract(project, "bot")


def check(project: Path, template: Catalog, old: str = "", new: str = "") -> list[str]:
    """What the checker says of the catalog with ``old`` in it replaced by ``new``."""
    assert old in INDONESIAN
    path = project / "translations/id/LC_MESSAGES/bot.po"
    path.write_text(INDONESIAN.replace(old, new), "utf-8")
    return problems(path, template)


def test_a_complete_catalog_has_no_problems(project: Path, template: Catalog) -> None:
    assert check(project, template) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    (
        ('"Selamat pagi."', '""', "not translated"),
        ('"Selamat pagi."', '"Good morning."', "same as in English"),
        ('"Selamat pagi."', '"Selamat pagi. "', "other spaces or line breaks"),
        ('"Selamat pagi."', '"Selamat %(name)s."', "its holes should be none; they are %(name)s"),
        (
            '"Kasus Anda %(reference)s."',
            '"Kasus Anda."',
            "its holes should be %(reference)s; they are none",
        ),
        ('"Kasus Anda %(reference)s."', '"Kasus %(referensi)s."', "they are %(referensi)s"),
        ('"Kasus Anda %(reference)s."', '"Kasus %(reference) s."', "they are none"),
        (
            '"Kasus Anda %(reference)s."',
            '"%(reference)s: %(reference) s."',
            "a % that begins no hole",
        ),
        ('"%(n)s hari"', '"hari"', "its holes should be %(n)s"),
        ('"%(n)s hari"\n', '"%(n)s hari"\nmsgstr[1] "%(n)s hari"\n', "cannot be read"),
        ("#, python-format", "#, fuzzy, python-format", "marked fuzzy"),
        ("nplurals=1; plural=(0);", "nplurals=2; plural=(n != 1);", "should be nplurals=1"),
        ("nplurals=1; plural=(0);", "a few", "Plural-Forms should be"),
        ("Language: id", "Language: ms", "Language should be id"),
        ("a machine", "", "nobody stands for it"),
        ("X-Native-Review: pending", "X-Native-Review: ", "X-Native-Review should say"),
        ('msgid "Good morning."', 'msgid "Good evening."', '"Good morning.": missing'),
        ('msgid "Good morning."', 'msgid "Good evening."', "does not say this any more"),
        ('"Selamat pagi."', '"Selamat pagi.', "cannot be read"),
        ('"%(n)s hari"', '"%(n)d hari"', "its holes should be %(n)s; they are %(n)d"),
    ),
)
def test_a_flaw_is_found(
    project: Path, template: Catalog, old: str, new: str, problem: str
) -> None:
    found = check(project, template, old, new)
    assert any(problem in line for line in found), found


def test_a_comment_allows_a_sentence_to_stay_as_in_english(
    project: Path, template: Catalog
) -> None:
    old, new = '"Selamat pagi."', '"Good morning."'
    path = project / "translations/id/LC_MESSAGES/bot.po"
    allowed = INDONESIAN.replace(old, new).replace("#. said", "# Same: a greeting\n#. said")
    path.write_text(allowed, "utf-8")
    assert problems(path, template) == []


def test_one_of_something_may_leave_the_number_out_where_that_form_means_just_one(
    project: Path,
) -> None:
    template = extract(project, "bot")
    path = add("ar", "bot", project)
    forms = ["%(n)s يوم", "يوم واحد", "%(n)s يومان", "%(n)s أيام", "%(n)s يوما", "%(n)s يوم"]
    text = path.read_text("utf-8").replace('X-Drafted-By: "', 'X-Drafted-By: somebody"')
    text = text.replace('X-Drafted-By: \\n"', 'X-Drafted-By: somebody\\n"')
    text = text.replace('morning."\nmsgstr ""', 'morning."\nmsgstr "صباح الخير"')
    text = text.replace('s."\nmsgstr ""', 's."\nmsgstr "%(reference)s"')
    for index, form in enumerate(forms):
        text = text.replace(f'msgstr[{index}] ""', f'msgstr[{index}] "{form}"')
    path.write_text(text, "utf-8")
    assert problems(path, template) == []
    path.write_text(text.replace("%(n)s أيام", "أيام"), "utf-8")
    assert problems(path, template) == ['"One day": its holes should be %(n)s; they are none']


# --- extraction and update -------------------------------------------------------------------


def test_what_code_and_pages_mark_is_found_and_nothing_else(project: Path) -> None:
    assert [message.id for message in extract(project, "bot") if message.id] == [
        "Good morning.",
        "Your case is %(reference)s.",
        ("One day", "%(n)s days"),
    ]
    assert [message.id for message in extract(project, "webadmin") if message.id] == [
        "Sign in",
        ("%(num)s case", "%(num)s cases"),
    ]


def test_what_the_domain_refuses_is_found_for_staff(project: Path) -> None:
    (project / "casework").mkdir()
    (project / "casework" / "rules.py").write_text(
        'raise BadInput("Row %(row)s is empty.", row=3)\n'
        'SAY = Remark("Write a name.")\n'
        'raise SettingError("Never on a page.")\n',
        "utf-8",
    )
    found = [message.id for message in extract(project, "webadmin")]
    assert {"Row %(row)s is empty.", "Write a name.", "Sign in"} <= set(found)
    assert "Never on a page." not in found
    assert "Write a name." not in [message.id for message in extract(project, "bot")]


def test_a_page_with_a_mistake_is_an_error(project: Path) -> None:
    (project / "webadmin/templates/start.html").write_text("{% if %}", "utf-8")
    with pytest.raises(Exception, match="Expected an expression"):
        extract(project, "webadmin")


def test_an_update_writes_templates_and_then_has_nothing_to_do(project: Path) -> None:
    pots = [project / "translations" / f"{domain}.pot" for domain in DOMAINS]
    assert update(project) == pots
    assert outdated(project) == update(project) == []
    text = pots[0].read_text("utf-8")
    assert "#: bot/greeting.py\n" in text
    assert "Date" not in text


def test_an_update_keeps_translations_comments_and_header(project: Path, template: Catalog) -> None:
    assert merged(INDONESIAN, "id", template) == INDONESIAN


def test_an_update_brings_new_sentences_in_empty_and_takes_old_ones_out(project: Path) -> None:
    code = CODE.replace("Good morning.", "Good evening.")
    (project / "bot/greeting.py").write_text(code, "utf-8")
    path = project / "translations/id/LC_MESSAGES/bot.po"
    assert path in outdated(project)
    update(project)
    text = path.read_text("utf-8")
    assert 'msgid "Good evening."\nmsgstr ""\n' in text
    assert "pagi" not in text
    assert "Kasus Anda" in text
    assert problems(path, extract(project, "bot")) == ['"Good evening.": not translated']


def test_a_new_language_begins_with_its_own_plural_forms_and_speaks_once_filled(
    project: Path,
) -> None:
    path = add("fil", "bot", project)
    assert read_header(path.read_text("utf-8"))["Plural-Forms"] == plural_forms("fil")
    assert path.read_text("utf-8").count("msgstr[") == 2
    text = path.read_text("utf-8")
    path.write_text(text.replace('morning."\nmsgstr ""', 'morning."\nmsgstr "Magandang umaga."'))
    assert add("fil", "bot", project) == path
    assert "umaga" in path.read_text("utf-8")
    compile_all(project / "translations")
    loaded = Catalogs(project / "translations").catalog("bot", "fil")
    assert loaded.gettext("Good morning.") == "Magandang umaga."


@pytest.mark.parametrize("tag", ("en", "zh_Hans", "VI", "xx", "../up"))
def test_a_word_that_is_no_tag_begins_nothing(project: Path, tag: str) -> None:
    with pytest.raises((ValueError, UnknownLocaleError)):
        add(tag, "bot", project)
    assert [path.name for path in (project / "translations").iterdir()] == ["id"]


# --- plural forms and headers ----------------------------------------------------------------


@pytest.mark.parametrize("tag", ("id", "ms", "my", "vi", "th", "lo", "km", "zh-hans", "ja", "ko"))
def test_languages_without_plural_have_one_form(tag: str) -> None:
    assert plural_forms(tag) == "nplurals=1; plural=(0);"
    assert not same_plurals("nplurals=2; plural=(n != 1);", tag)


@pytest.mark.parametrize(
    ("tag", "forms"),
    (("bn", 2), ("ne", 2), ("hi", 2), ("ur", 2), ("si", 2), ("ta", 2), ("es", 2), ("fil", 2)),
)
def test_languages_with_plural_have_as_many_forms_as_cldr_says(tag: str, forms: int) -> None:
    assert len(numbers_by_form(plural_forms(tag))) == forms
    assert all(numbers_by_form(plural_forms(tag)))


def test_the_rule_counts_and_not_only_the_number_of_forms() -> None:
    assert same_plurals("nplurals=2; plural=(n > 1);", "hi")
    assert not same_plurals("nplurals=2; plural=(n != 1);", "hi")
    assert len(numbers_by_form(plural_forms("ar"))) == 6


def test_a_header_survives_being_written_and_read() -> None:
    fields = {"Language": "my", "X-Drafted-By": 'a "machine" \\ pending: yes'}
    assert read_header(write_header(fields)) == fields
