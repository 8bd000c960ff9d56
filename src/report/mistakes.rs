//! Mistakes in files that somebody wrote, shown with their place: code, line, caret and the way out.
//!
//! All of them are shown at once, up to a number that nobody would read. A line that is very long is cut around the place,
//! and whatever a mistake hides, or one of the code [`SECRET`] points at, is shown in no line of any mistake.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::mistake::{Mistake, Written};
use crate::report::harmless::{cut, escaped};
use crate::report::screen::Paint;

/// The code of a mistake whose place is a secret.
pub const SECRET: &str = "secret-in-mapping";

/// The most characters of a source line that are shown.
const LINE: usize = 120;
/// The most characters under which carets stand.
const MARKED: usize = 60;
/// Characters shown before the place when the line is cut.
const BEFORE: usize = 40;
/// The most characters of what a mistake says; a name in it may be as long as its file.
const SAID: usize = 400;
/// The most mistakes that are shown.
const MOST: usize = 100;

/// All mistakes with their places, and a closing line that says how many and what that means, such as
/// `nothing was sent`.
#[must_use]
pub fn render(mistakes: &[Mistake], consequence: &str, paint: Paint) -> String {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    for mistake in mistakes.iter().take(MOST) {
        text += &one(mistake, &secrets(mistakes, mistake), &renderer);
        text += "\n\n";
    }
    text += &closing(mistakes, consequence);
    text.push('\n');
    text
}

/// The places in the same file that must not be shown, in order.
fn secrets(mistakes: &[Mistake], shown: &Mistake) -> Vec<Range<usize>> {
    let mut places: Vec<_> = mistakes
        .iter()
        .filter(|mistake| mistake.file == shown.file)
        .flat_map(|mistake| {
            let own = (mistake.code == SECRET).then_some(&mistake.span);
            own.into_iter().chain(&mistake.hides)
        })
        .map(|place| on_characters(&shown.file.text, place))
        .filter(|place| !place.is_empty())
        .collect();
    places.sort_by_key(|place| place.start);
    places
}

fn one(mistake: &Mistake, secrets: &[Range<usize>], renderer: &Renderer) -> String {
    let file = &mistake.file;
    let name = escaped(&file.name);
    let title = Level::ERROR
        .primary_title(said(&mistake.what))
        .id(mistake.code);
    let help = (!mistake.help.is_empty()).then(|| Level::HELP.message(said(&mistake.help)));
    let mut group = Group::with_title(title);
    let mut column = None;
    if mistake.span == (0..0) {
        group = group.element(Origin::path(name.clone()));
    } else {
        let place = Place::of(file, &mistake.span, secrets);
        let shown = place.shown[..place.marked.start].chars().count() + 1;
        column = (shown != place.column).then(|| {
            let at = |column| format!("{name}:{}:{column}", place.line);
            (at(shown), at(place.column))
        });
        group = group.element(
            Snippet::source(place.shown)
                .line_start(place.line)
                .path(name.clone())
                .annotation(AnnotationKind::Primary.span(place.marked)),
        );
    }
    if let Some(help) = help {
        group = group.element(help);
    }
    let text = renderer.render(&[group]);
    match column {
        // The library counts columns in the line that it was given, which was cut or masked before the place.
        Some((counted, true_one)) => text.replacen(&counted, &true_one, 1),
        None => text,
    }
}

/// A text of ours with foreign names in it, in a length that can be read.
fn said(text: &str) -> String {
    escaped(&cut(text, SAID)).into_owned()
}

fn closing(mistakes: &[Mistake], consequence: &str) -> String {
    let mut files: Vec<&str> = Vec::new();
    for mistake in mistakes {
        if !files.contains(&mistake.file.name.as_str()) {
            files.push(&mistake.file.name);
        }
    }
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        many if many > MOST => format!("{many} mistakes, of which {MOST} are shown,"),
        many => format!("{many} mistakes"),
    };
    let files = escaped(&files.join(" and ")).into_owned();
    format!("{count} in {files}; {consequence}")
}

/// One line of a file with a place in it, fit to be shown.
struct Place {
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    shown: String,
    marked: Range<usize>,
}

impl Place {
    /// A place that spans lines is shown by its first line.
    fn of(file: &Written, span: &Range<usize>, secrets: &[Range<usize>]) -> Self {
        let text = file.text.as_str();
        let span = on_characters(text, span);
        let begin = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
        let end = begin + text[begin..end].trim_end_matches('\r').len();
        let span = span.start.min(end)..span.end.min(end);
        let (shown, marked) = masked(text, begin..end, &span, secrets);
        let (shown, marked) = near(&shown, marked);
        Self {
            line: text[..begin].bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[begin..span.start].chars().count() + 1,
            shown,
            marked,
        }
    }
}

/// The line with `…` for every secret in it, and where the span stands now.
fn masked(
    text: &str,
    line: Range<usize>,
    span: &Range<usize>,
    secrets: &[Range<usize>],
) -> (String, Range<usize>) {
    let mut shown = String::new();
    let mut marked = None::<Range<usize>>;
    let mut piece = |source: Range<usize>, secret: bool| {
        if source.is_empty() {
            return;
        }
        let at = shown.len();
        shown.push_str(match secret {
            true => "…",
            false => &text[source.clone()],
        });
        let touched = span.start.max(source.start)..span.end.min(source.end);
        // An empty span belongs to the piece that it stands in or ends.
        if touched.start > touched.end || touched.is_empty() && !span.is_empty() {
            return;
        }
        let here = match secret {
            true => at..shown.len(),
            false => at + touched.start - source.start..at + touched.end - source.start,
        };
        marked = Some(marked.as_ref().map_or(here.start, |m| m.start)..here.end);
    };
    let mut done = line.start;
    for secret in secrets {
        let start = secret.start.clamp(done, line.end);
        let end = secret.end.clamp(start, line.end);
        piece(done..start, false);
        piece(start..end, true);
        done = end;
    }
    piece(done..line.end, false);
    let marked = marked.unwrap_or(0..0);
    (shown, marked)
}

/// The part of a long line around the span.
fn near(line: &str, marked: Range<usize>) -> (String, Range<usize>) {
    let after = |from: usize, count: usize| {
        line[from..]
            .char_indices()
            .nth(count)
            .map_or(line.len(), |(at, _)| from + at)
    };
    if after(0, LINE) == line.len() {
        return (line.to_owned(), marked);
    }
    let begin = line[..marked.start]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(0, |(at, _)| at);
    let end = after(begin, LINE);
    let marked = marked.start..marked.end.min(after(marked.start, MARKED));
    let front = if begin > 0 { "…" } else { "" };
    let back = if end < line.len() { "…" } else { "" };
    let shown = format!("{front}{}{back}", &line[begin..end]);
    let moved = |at: usize| at - begin + front.len();
    (shown, moved(marked.start)..moved(marked.end))
}

/// The span, inside the text and on whole characters.
fn on_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end.min(text.len()));
    start..end.max(start)
}
