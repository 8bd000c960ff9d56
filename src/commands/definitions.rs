//! Asks the account which custom fields, tags and kinds of channel it has, once, before the first row.

use super::question::{self, Untold};
use crate::delivery::question::Patience;
use crate::delivery::{Delivery, Wire};
use crate::provider::api::Api;
use crate::provider::call::{self, Account};
use crate::provider::definitions::{self, Definition, Known};
use crate::provider::finding::DefinitionList;
use crate::provider::template::Template;

/// No account has more pages of definitions than this; more is a server that repeats itself.
const PAGES: u64 = 1_000;

/// What is being done, after "failed to …".
pub(super) const DOING: &str = "ask the account what it has";

/// What an account defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defines {
    CustomFields,
    Tags,
    Channels,
}

impl Defines {
    pub(super) const ALL: [Self; 3] = [Self::CustomFields, Self::Tags, Self::Channels];

    /// Where the account tells it, if it does.
    pub(super) fn list(self, api: &Api) -> Option<&DefinitionList> {
        let lists = &api.definitions;
        match self {
            Self::CustomFields => lists.custom_fields.as_ref(),
            Self::Tags => lists.tags.as_ref(),
            Self::Channels => lists.channels.as_ref(),
        }
    }

    /// The same in one word.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::CustomFields => "fields",
            Self::Tags => "tags",
            Self::Channels => "channels",
        }
    }

    /// Several of them, in words.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::CustomFields => "custom fields",
            Self::Tags => "tags",
            Self::Channels => "kinds of channel",
        }
    }
}

/// What a run asks the account for, in words, where its mapping has names that only the account knows.
pub(super) fn asked(api: &Api, asks_account: bool) -> Vec<&'static str> {
    let lists = Defines::ALL.into_iter();
    let lists = lists.filter(|defines| asks_account && defines.list(api).is_some());
    lists.map(Defines::word).collect()
}

/// Asks the account for all that it has.
///
/// # Errors
///
/// Why the account cannot be asked; nothing was changed.
pub(super) async fn ask(
    api: &Api,
    account: &Account,
    way: &Delivery<'_, impl Wire>,
) -> Result<Known, Untold> {
    let mut known = Known::default();
    for defines in Defines::ALL {
        let Some(list) = defines.list(api) else {
            continue;
        };
        match all(account, way, list, Patience::Row).await {
            Ok(told) => note(&mut known, defines, list, told),
            Err(untold) if untold.can_do_without(list) => {
                note(&mut known, defines, list, Vec::new());
            }
            Err(untold) => return Err(untold),
        }
    }
    if known.silent {
        tracing::warn!(
            "the account does not tell which custom fields it has, so their names are sent as the mapping writes them"
        );
    }
    Ok(known)
}

/// Notes what the account told.
pub(super) fn note(
    known: &mut Known,
    defines: Defines,
    list: &DefinitionList,
    told: Vec<Definition>,
) {
    match defines {
        Defines::CustomFields => {
            known.silent = list.optional && told.is_empty();
            known.custom_fields = told;
        }
        Defines::Tags => {
            for tag in told {
                known.tags.insert(tag.name.trim().to_lowercase(), tag.id);
                known.tag_names.push(tag.name);
            }
        }
        // The first of a kind is the account's own; later ones are added by people.
        Defines::Channels => {
            for channel in told.into_iter().rev() {
                known.channels.insert(channel.name, channel.id);
            }
        }
    }
}

/// Asks the account for one list, to its end.
///
/// # Errors
///
/// Why the account cannot be asked.
pub(super) async fn all(
    account: &Account,
    way: &Delivery<'_, impl Wire>,
    list: &DefinitionList,
    patience: Patience,
) -> Result<Vec<Definition>, Untold> {
    let paged = Template::parse(list.call.path.as_ref()).is_ok_and(|path| path.has_pages());
    let mut found = Vec::new();
    for page in 1..=if paged { PAGES } else { 1 } {
        let call = call::list(&list.call, account, page).map_err(Untold::unwritable)?;
        let told = question::put(way, (&list.call, &call), patience).await?;
        if page == 1 && !definitions::shows(list, &told.body) {
            return Err(Untold::listless(&call, &list.list));
        }
        let read = definitions::read(list, &told.body);
        if read.is_empty() || found.ends_with(&read) {
            break;
        }
        found.extend(read);
    }
    Ok(found)
}
