//! From the text of an `api.toml` to an [`Api`] that can be relied on: the shape by serde, then everything that refers
//! to something else in the file, all mistakes at once.

use std::ops::Range;
use std::sync::Arc;

use super::api::{Api, AuthScheme, CallSpec};
use super::fields::FieldKind;
use super::finding::Way;
use super::template::{Template, parse_body};
use crate::mistake::{Mistake, Written, nearest};

/// Reads a provider's file.
///
/// # Errors
///
/// All mistakes that were found, each with its place.
pub fn load(file: &Arc<Written>) -> Result<Api, Vec<Mistake>> {
    let api: Api = toml::from_str(&file.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let what = error.message().trim().replace('\n', "; ");
        vec![Mistake::new("provider-file", file, span, what)]
    })?;
    let mut check = Check {
        file,
        api: &api,
        mistakes: Vec::new(),
    };
    check.base_url();
    check.auth();
    for call in api.all_calls() {
        check.call(call);
    }
    check.tags();
    check.find();
    check.fields();
    match check.mistakes.is_empty() {
        true => Ok(api),
        false => Err(check.mistakes),
    }
}

struct Check<'a> {
    file: &'a Arc<Written>,
    api: &'a Api,
    mistakes: Vec<Mistake>,
}

impl Check<'_> {
    fn wrong(&mut self, span: Range<usize>, what: impl Into<String>) -> &mut Mistake {
        self.mistakes
            .push(Mistake::new("provider-file", self.file, span, what));
        let last = self.mistakes.len() - 1;
        &mut self.mistakes[last]
    }

    fn base_url(&mut self) {
        let base = &self.api.base_url;
        // A placeholder in the host is no legal URL yet, so a stand-in for it is checked.
        let plain = base.as_ref().replace(['{', '}'], "").replace('.', "-");
        if url::Url::parse(&plain).is_err() {
            let what = format!("`{}` is no base URL", base.as_ref());
            self.wrong(base.span(), what).help =
                "write scheme and host, such as `https://api.example.com`".into();
        }
        self.template(base.as_ref(), base.span());
    }

    fn auth(&mut self) {
        if self.api.auth.is_empty() {
            self.wrong(0..0, "no `[[auth]]` says how the credential is shown");
        }
        for auth in &self.api.auth {
            let wanted = if auth.scheme == AuthScheme::Basic {
                2
            } else {
                1
            };
            let named = !matches!(auth.scheme, AuthScheme::Header | AuthScheme::Query);
            if auth.needs.len() != wanted {
                self.wrong(
                    0..0,
                    match wanted {
                        1 => "an `[[auth]]` of this scheme needs one account key",
                        _ => "an `[[auth]]` of this scheme needs two account keys, user name and password",
                    },
                );
            }
            if auth.name.is_empty() != named {
                self.wrong(0..0, "`name` stands in an `[[auth]]` with scheme `header` or `query`, and only there");
            }
            for key in &auth.needs {
                match self.api.account.get(key) {
                    Some(known) if known.secret || wanted == 2 => {}
                    Some(_) => {
                        self.wrong(
                            0..0,
                            format!(
                                "account key `{key}` is used as a credential and is not `secret`"
                            ),
                        );
                    }
                    None => {
                        self.wrong(
                            0..0,
                            format!("`[[auth]]` needs `{key}`, which `[account]` does not have"),
                        );
                    }
                }
            }
        }
    }

    fn call(&mut self, call: &CallSpec) {
        self.template(call.path.as_ref(), call.path.span());
        if !call.path.as_ref().starts_with('/') {
            self.wrong(call.path.span(), "a path starts with `/`");
        }
        if let Some(body) = &call.body
            && let Err(what) = parse_body(body.as_ref())
        {
            self.wrong(body.span(), what);
        }
    }

    fn tags(&mut self) {
        let tags = &self.api.tags;
        let ways = [
            ("set", &tags.set),
            ("add", &tags.add),
            ("remove", &tags.remove),
        ];
        for (name, way) in ways {
            let Some(way) = way else { continue };
            let field = self.api.fields.contains_key(&way.field);
            let reads = way.way == Way::Each || (way.way == Way::Merge && name != "set");
            let one_by_one = way.way == Way::Each && name == "set";
            if way.way == Way::Field && !field {
                self.wrong(
                    0..0,
                    format!("`tags.{name}`: there is no field `{}`", way.field),
                );
            }
            if way.way != Way::Field && way.call.is_none() && !one_by_one {
                self.wrong(0..0, format!("`tags.{name}` needs a `call`"));
            }
            if reads && tags.read.is_none() {
                self.wrong(
                    0..0,
                    format!("`tags.{name}` needs `tags.read`, to know which tags there are"),
                );
            }
        }
    }

    fn find(&mut self) {
        for (key, find) in &self.api.find {
            if let Some(field) = &find.field
                && !self.api.fields.contains_key(field)
            {
                let what = format!("`find.{}`: there is no field `{field}`", key.word());
                self.wrong(0..0, what);
            }
        }
        for field in self.api.upsert.iter().flat_map(|own| own.without.keys()) {
            if !self.api.fields.contains_key(field) {
                self.wrong(
                    0..0,
                    format!("`upsert` goes without `{field}`, and there is no such field"),
                );
            }
        }
        for field in self.api.calls.create.iter().flat_map(|call| &call.takes) {
            if !self.api.fields.contains_key(field) {
                self.wrong(
                    0..0,
                    format!("`calls.create` takes `{field}`, and there is no such field"),
                );
            }
        }
    }

    fn template(&mut self, text: &str, span: Range<usize>) {
        match Template::parse(text) {
            Err(what) => {
                self.wrong(span, what);
            }
            Ok(template) => {
                for key in template.account_keys() {
                    match self.api.account.get(key) {
                        Some(known) if known.secret => {
                            self.wrong(
                                span.clone(),
                                format!(
                                    "`{{account.{key}}}` is a secret and may not stand in a URL"
                                ),
                            );
                        }
                        Some(_) => {}
                        None => {
                            let help = nearest(key, self.api.account.keys().map(String::as_str))
                                .map(|name| format!("did you mean `{name}`?"))
                                .unwrap_or_default();
                            self.wrong(span.clone(), format!("`[account]` has no key `{key}`"))
                                .help = help;
                        }
                    }
                }
            }
        }
    }

    fn fields(&mut self) {
        for (name, field) in &self.api.fields {
            if (field.kind == FieldKind::Pairs) != field.pairs.is_some() {
                self.wrong(
                    0..0,
                    format!(
                        "field `{name}`: `pairs = {{ … }}` stands with type `pairs`, and only there"
                    ),
                );
            }
            if field.kind == FieldKind::Enum && field.values.is_empty() {
                self.wrong(0..0, format!("field `{name}` is an enum without `values`"));
            }
        }
        if let Some(holder) = self.api.custom_fields.as_ref().map(|own| &own.into)
            && !holder.as_ref().is_empty()
            && !self.api.fields.contains_key(holder.as_ref())
        {
            self.wrong(
                holder.span(),
                format!("there is no field `{}`", holder.as_ref()),
            );
        }
    }
}
