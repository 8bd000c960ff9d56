//! Custom fields: names that only the account itself knows.

use super::check::Check;
use super::notes::listed;
use super::rule;
use super::written::{FieldText, Placed};
use crate::provider::definitions::{Definition, Meant};
use crate::provider::fields::{Field, FieldKind};
use crate::provider::names::{self, Found};

impl Check<'_, '_> {
    /// Checks one line of `[custom_fields]`.
    pub(super) fn custom(&mut self, name: &Placed<String>, text: &FieldText) {
        let by = text.said.by.as_ref().map(|by| by.value.as_str());
        self.custom_type(text);
        let api = self.api;
        let looks = api
            .custom_fields
            .as_ref()
            .map_or(&[][..], |own| &own.names[..]);
        let silent = self.known.is_some_and(|known| known.silent);
        // Where nothing says how the account's own names look, any name may be one that people see.
        let as_written = match looks.is_empty() {
            true => api.definitions.custom_fields.is_none(),
            false => looks.iter().any(|look| look.fits(&name.value)),
        };
        let plain = as_written || by.is_some() || silent;
        let found = match (self.known, plain) {
            (Some(known), _) => match known.custom_field(&name.value) {
                Meant::One(definition) => {
                    let said = text.said.kind.is_some();
                    return self.defined(name, text, &definition.clone(), said);
                }
                Meant::Nobody(_) if plain => names::custom(api, &name.value, by),
                Meant::Nobody(near) => {
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!(
                            "it has {}",
                            listed(
                                &known
                                    .custom_fields
                                    .iter()
                                    .map(|own| own.name.as_str())
                                    .collect::<Vec<_>>()
                            )
                        ),
                    };
                    self.notes.wrong(
                        "unknown-custom-field",
                        name.span.clone(),
                        format!("the account has no custom field `{}`", name.value),
                    );
                    return self.notes.help(help);
                }
                Meant::Several => {
                    self.notes.wrong(
                        "unknown-custom-field",
                        name.span.clone(),
                        format!(
                            "the account has several custom fields named `{}`",
                            name.value
                        ),
                    );
                    return self.notes.help("name it by its id or key");
                }
            },
            (None, true) => names::custom(api, &name.value, by),
            (None, false) => {
                self.asks_account |= api.definitions.custom_fields.is_some();
                match names::custom(api, &name.value, by) {
                    Found::BadName(_) if api.definitions.custom_fields.is_some() => {
                        names::custom_anyway(api, &name.value)
                    }
                    found => found,
                }
            }
        };
        let found = self.untold(&name.value, text, found);
        self.field(&name.value, &name.span, text, found);
    }

    fn defined(
        &mut self,
        name: &Placed<String>,
        text: &FieldText,
        definition: &Definition,
        typed: bool,
    ) {
        let in_list = self
            .api
            .custom_fields
            .as_ref()
            .and_then(|own| self.api.fields.get(own.into.as_ref()))
            .is_some_and(|field| field.kind == FieldKind::Pairs);
        let own = match (in_list, definition.key.is_empty()) {
            (true, _) => &definition.id,
            (false, false) => &definition.key,
            (false, true) => &definition.name,
        };
        let found = match names::custom(self.api, own, None) {
            // Which options there are is the account's word; any other text may be read as something narrower.
            Found::Field { field, target } if !typed || !definition.options.is_empty() => {
                let values = definition
                    .options
                    .iter()
                    .map(|(name, _)| name.clone())
                    .collect();
                let different = definition.options.iter().any(|(name, id)| name != id);
                let codes = match different {
                    true => definition
                        .options
                        .iter()
                        .map(|(_, id)| id.clone())
                        .collect(),
                    false => Vec::new(),
                };
                let target = match different {
                    true => names::by_option(self.api, target),
                    false => target,
                };
                Found::Field {
                    field: Box::new(Field {
                        kind: definition.kind,
                        values,
                        codes,
                        // How a choice by its id is taken back is not known of any provider.
                        clear: field.clear.filter(|_| !different),
                        ..*field
                    }),
                    target,
                }
            }
            found => found,
        };
        self.field(&name.value, &name.span, text, found);
    }

    fn custom_type(&mut self, text: &FieldText) {
        let types = self
            .api
            .custom_fields
            .as_ref()
            .map_or(&[][..], |own| &own.types[..]);
        if let (Some(kind), false) = (&text.said.kind, types.is_empty())
            && rule::is_a_type(&kind.value)
            && !types.iter().any(|own| own.word() == kind.value)
        {
            let words = types.iter().map(|kind| kind.word());
            let words: Vec<&str> = words.filter(|word| rule::is_a_type(word)).collect();
            self.notes.wrong(
                "wrong-option",
                kind.span.clone(),
                format!(
                    "a custom field of {} cannot be of type `{}`",
                    self.api.name, kind.value
                ),
            );
            self.notes
                .help(format!("it can be of type {}", listed(&words)));
        }
    }
}
