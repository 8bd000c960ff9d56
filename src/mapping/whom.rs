//! Which contact a row is about: by the provider's own id, or by what is known about it; and what a row may do.

use super::check::Check;
use super::coerce::{Kind, Rule};
use super::notes::listed;
use super::rule;
use super::steps::{IdStep, KeyStep, Source};
use super::written::{AsWritten, FieldText, Placed};
use crate::mistake::nearest;
use crate::provider::finding::{Find, MatchKey};
use crate::provider::names::{self, Found};
use crate::provider::script::Mode;

impl Check<'_, '_> {
    /// Checks `[contact]`.
    pub(super) fn whom(&mut self, written: &AsWritten) {
        self.mode(written);
        match (&written.id, written.known_by.is_empty()) {
            // What seems to be missing may stand in what could not be understood.
            (None, true) if written.contact_unread => {}
            (None, true) => {
                self.notes.wrong(
                    "missing-key",
                    0..0,
                    "nothing says which contact a row is about",
                );
                self.notes.help("write `[contact]` and below it `id = \"…\"`, the column with the provider's own id, or `match = { email = \"…\" }`");
            }
            (Some(text), false) => {
                self.notes.wrong(
                    "set-twice",
                    text.span.clone(),
                    "`[contact]` has both `id` and `match`",
                );
                self.notes.help("keep `id` where the file has the provider's own ids, and `match` where it has not");
            }
            (Some(text), true) => self.id(text),
            (None, false) => {
                for (key, text) in &written.known_by {
                    self.key(key, text);
                }
            }
        }
    }

    fn mode(&mut self, written: &AsWritten) {
        let Some(word) = &written.mode else { return };
        let Some((_, mode)) = Mode::WORDS.iter().find(|(own, _)| *own == word.value) else {
            self.notes.wrong(
                "unknown-word",
                word.span.clone(),
                format!("no mode `{}`", word.value),
            );
            return self.notes.help("there are `update`, `upsert` and `create`");
        };
        self.mode = *mode;
        if *mode == Mode::Update {
            return;
        }
        if self.api.calls.create.is_none() {
            self.notes.wrong(
                "cannot",
                word.span.clone(),
                format!("{} has no known way to create a contact", self.api.name),
            );
            self.notes
                .help("leave `mode` out, so that only contacts that are there are changed");
        } else if written.id.is_some() {
            self.notes.wrong(
                "wrong-option",
                word.span.clone(),
                format!(
                    "`mode = \"{}\"` needs `match`: a new contact has no id yet",
                    word.value
                ),
            );
            self.notes
                .help("write `match = { email = \"…\" }` instead of `id`");
        }
    }

    fn id(&mut self, text: &FieldText) {
        let cleaners = rule::cleaners(&text.said, &mut self.notes);
        for (option, place) in rule::beside_clean(&text.said) {
            self.notes.wrong(
                "wrong-option",
                place,
                format!("`{option}` means nothing for the id of a contact"),
            );
            self.notes
                .help("an id is taken as it is; only `clean` may stand beside its column");
        }
        match self.source(&text.source) {
            Some(source @ (Source::Column(_) | Source::Template(_))) => {
                self.mapping.id = Some(IdStep {
                    source,
                    clean: cleaners,
                });
            }
            Some(Source::Constant(_)) => {
                self.notes.wrong(
                    "wrong-source",
                    text.span.clone(),
                    "the id of a contact cannot be the same in every row",
                );
                self.notes
                    .help("write `id = \"…\"`, the column with the provider's own id");
            }
            None => {}
        }
    }

    fn key(&mut self, name: &Placed<String>, text: &FieldText) {
        let Some((word, key)) = MatchKey::WORDS.iter().find(|(own, _)| *own == name.value) else {
            let words: Vec<&str> = MatchKey::WORDS.iter().map(|(word, _)| *word).collect();
            self.notes.wrong(
                "unknown-key",
                name.span.clone(),
                format!("contacts are not known by `{}`", name.value),
            );
            return self
                .notes
                .help(match nearest(&name.value, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", listed(&words)),
                });
        };
        let Some(find) = self.api.find.get(key) else {
            let can: Vec<&str> = self.api.find.keys().map(|key| key.word()).collect();
            self.notes.wrong(
                "cannot",
                name.span.clone(),
                format!(
                    "{} has no known way to find a contact by `{word}`",
                    self.api.name
                ),
            );
            return self.notes.help(match can.is_empty() {
                true => "use `id`".to_owned(),
                false => format!("it can by {}", listed(&can)),
            });
        };
        let Some(rule) = self.key_rule(*key, text) else {
            return;
        };
        match self.source(&text.source) {
            Some(source @ (Source::Column(_) | Source::Template(_))) => {
                self.one_column(find, (name, word), &source);
                self.for_new(find, (name, word), text, &rule);
                self.mapping.known_by.push(KeyStep {
                    key: word,
                    source,
                    rule,
                });
            }
            Some(Source::Constant(_)) => {
                self.notes.wrong(
                    "wrong-source",
                    text.span.clone(),
                    format!("`{word}` cannot be the same for every contact"),
                );
            }
            None => {}
        }
    }

    fn key_rule(&mut self, key: MatchKey, text: &FieldText) -> Option<Rule> {
        let before = self.notes.mistakes.len();
        let clean = rule::cleaners(&text.said, &mut self.notes);
        for (option, place) in rule::beside_clean(&text.said) {
            if option != "region" || key != MatchKey::Phone {
                self.notes.wrong(
                    "wrong-option",
                    place,
                    format!("`{option}` means nothing under `match`"),
                );
                self.notes
                    .help("beside the column stand `clean` and, for a phone, `region`");
            }
        }
        let kind = match key {
            MatchKey::Email => Kind::Email,
            MatchKey::Phone => Kind::Phone {
                region: self.key_region(text),
            },
            MatchKey::ExternalId => Kind::Text { max: Some(255) },
        };
        (self.notes.mistakes.len() == before).then_some(Rule {
            clean,
            lookup: None,
            kind,
        })
    }

    /// The region said here, or the one that `[fields]` says for the same column.
    fn key_region(&mut self, text: &FieldText) -> Option<super::phone::Region> {
        if text.said.region.is_some() {
            return rule::region(&text.said, &mut self.notes);
        }
        let same = self
            .regions
            .iter()
            .find(|(source, _)| *source == text.source);
        same.map(|(_, region)| *region)
    }

    /// The id of the kind of channel that holds what a contact is found by.
    fn entry(&mut self, find: &Find, name: &Placed<String>) -> Result<Option<String>, ()> {
        let Some(entry) = &find.entry else {
            return Ok(None);
        };
        let Some(known) = self.known else {
            self.asks_account |= self.api.definitions.channels.is_some();
            return Ok(Some(entry.clone()));
        };
        if let Some(id) = known.channels.get(entry) {
            return Ok(Some(id.clone()));
        }
        self.notes.wrong(
            "unknown-channel",
            name.span.clone(),
            format!(
                "the account has no channel of the kind `{entry}`, so nobody can be made with one"
            ),
        );
        self.notes
            .help("add it in the account, or leave the key or the `mode` out");
        Err(())
    }

    /// A new contact has to have what it is found by, or it would be created again each time.
    fn for_new(
        &mut self,
        find: &Find,
        (name, word): (&Placed<String>, &str),
        text: &FieldText,
        rule: &Rule,
    ) {
        if self.mode == Mode::Update {
            return;
        }
        let Some(field) = find.field.as_deref() else {
            self.notes.wrong(
                "cannot",
                name.span.clone(),
                format!("{} cannot give a new contact its `{word}`", self.api.name),
            );
            return self.notes.help(
                "the next run would not find it and make it again; leave the key or the `mode` out",
            );
        };
        let parts: Vec<String> = field.split('.').map(str::to_owned).collect();
        let Ok(entry) = self.entry(find, name) else {
            return;
        };
        let path: Vec<String> = parts.into_iter().chain(entry).collect();
        let found = match names::find(self.api, &path) {
            Found::BadName(_) => names::entry_anyway(self.api, &path),
            found => found,
        };
        if let Found::Field { target, field } = found {
            if self.targets.contains(&target) {
                return;
            }
            // What is dangerous to change in a contact that is there is just what a new one needs.
            let own = Found::Field {
                target,
                field: Box::new(crate::provider::fields::Field {
                    danger: None,
                    ..*field
                }),
            };
            let before = self.mapping.steps.len();
            let plain = FieldText {
                said: super::written::Said::default(),
                ..text.clone()
            };
            self.field(&path.join("."), &name.span, &plain, own);
            if let Some(step) = self.mapping.steps.get_mut(before) {
                step.name = word.to_owned();
                // It is read as it was for the search, or they would not be found by it again.
                step.rule = rule.clone();
                self.only_new.push(step.slot);
            }
        }
    }
}
