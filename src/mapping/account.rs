//! What a mapping's `[account]` gives, held against what the provider asks for.

use super::notes::{Notes, listed};
use super::written::{AccountValue, AsWritten, Origin, Placed};
use crate::mistake::nearest;
use crate::provider::api::{Api, Auth, CallSpec};
use crate::provider::template::Template;

/// The account as a mapping gives it.
#[derive(Debug)]
pub struct AccountPlan<'a> {
    /// Values that stand in the mapping and are no secrets.
    pub texts: Vec<(String, String)>,
    /// Values that come from outside.
    pub origins: Vec<(String, Origin)>,
    /// The way the credential will be shown.
    pub auth: &'a Auth,
    /// Keys that the credential needs and the mapping lacks.
    pub missing: Vec<String>,
}

/// Checks `[account]`; nothing comes back only where the provider's file knows no way to show a credential.
pub(super) fn check<'a>(
    written: &AsWritten,
    api: &'a Api,
    notes: &mut Notes<'_>,
) -> Option<AccountPlan<'a>> {
    let mut texts = Vec::new();
    let mut origins = Vec::new();
    for (key, value) in &written.account {
        let Some(known) = api.account.get(&key.value) else {
            notes.wrong(
                "unknown-key",
                key.span.clone(),
                format!("{} asks for no account key `{}`", api.name, key.value),
            );
            let names: Vec<&str> = api.account.keys().map(String::as_str).collect();
            notes.help(match nearest(&key.value, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it asks for {}", listed(&names)),
            });
            // A misspelt key may hold a secret.
            notes.hide(value.span.clone());
            continue;
        };
        match &value.value {
            AccountValue::Text(_) if known.secret => secret_in_mapping(key, value, notes),
            AccountValue::Text(text) if !known.looks.fits(text) => {
                notes.wrong(
                    "wrong-account",
                    value.span.clone(),
                    format!("`{}` is {}, not `{text}`", key.value, known.looks.words()),
                );
                notes.help(known.about.clone());
            }
            AccountValue::Text(text) => texts.push((key.value.clone(), text.clone())),
            AccountValue::From(origin) => origins.push((key.value.clone(), origin.clone())),
        }
    }
    let given = |key: &String| written.account.iter().any(|(own, _)| own.value == *key);
    let lacking = |auth: &Auth| auth.needs.iter().filter(|key| !given(key)).count();
    // A way that was begun is the one that was meant, however many others are as near.
    let begun = |auth: &Auth| lacking(auth) < auth.needs.len();
    let auth = api.auth.iter().min_by_key(|auth| {
        let lacking = lacking(auth);
        (lacking > 0, !begun(auth), lacking)
    })?;
    let missing = auth
        .needs
        .iter()
        .filter(|key| !given(key))
        .cloned()
        .collect();
    Some(AccountPlan {
        texts,
        origins,
        auth,
        missing,
    })
}

impl AccountPlan<'_> {
    /// Whether the mapping says something of a key.
    #[must_use]
    pub fn gives(&self, key: &str) -> bool {
        let texts = self.texts.iter().map(|(own, _)| own);
        let mut given = texts.chain(self.origins.iter().map(|(own, _)| own));
        given.any(|own| own == key)
    }

    /// The keys, beside those of the credential, that some calls need and the mapping lacks.
    #[must_use]
    pub fn lacking(&self, base_url: &str, calls: &[&CallSpec]) -> Vec<String> {
        let texts = calls
            .iter()
            .map(|call| call.path.as_ref().as_str())
            .chain([base_url]);
        let mut keys: Vec<String> = Vec::new();
        for template in texts.filter_map(|text| Template::parse(text).ok()) {
            for key in template.account_keys() {
                if !self.gives(key) && !keys.iter().any(|own| own == key) {
                    keys.push(key.to_owned());
                }
            }
        }
        keys
    }
}

fn secret_in_mapping(key: &Placed<String>, value: &Placed<AccountValue>, notes: &mut Notes<'_>) {
    notes.wrong(
        "secret-in-mapping",
        value.span.clone(),
        format!("`{}` is a secret and may not stand in a mapping", key.value),
    );
    notes.help(format!(
        "write `{} = {{ env = \"NAME\" }}` and put it into the environment; change it at the provider if this file was shared",
        key.value
    ));
}
