//! Rows as they wait to be sorted in: those of one commit stand together, because the database takes as long for one small
//! row as for hundreds of its bytes.

use rusqlite::types::ValueRef;

use super::{Place, Request};

/// What is to be kept about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) place: Place,
    /// The request that was accepted; nothing is a doubt.
    pub(super) request: Option<Request>,
}

impl Entry {
    /// The request as it is written: something in doubt has no bytes.
    pub(super) fn column(&self) -> ValueRef<'_> {
        let bytes = self.request.as_ref().map(|own| own.0.as_slice());
        ValueRef::Blob(bytes.unwrap_or_default())
    }
}

/// So many bytes a row takes: the contact, the ordinal, whether a request was accepted, and the request.
pub(super) const LENGTH: usize = 8 + 4 + 1 + 16;

/// Puts rows together, in their order.
pub(super) fn pack(entries: impl Iterator<Item = Entry>) -> Vec<u8> {
    let mut packed = Vec::new();
    for Entry { place, request } in entries {
        packed.extend(place.contact.to_be_bytes());
        packed.extend(place.ordinal.to_be_bytes());
        packed.push(u8::from(request.is_some()));
        packed.extend(request.map_or([0; 16], |own| own.0));
    }
    packed
}

/// Takes them apart again.
pub(super) fn unpack(packed: &[u8]) -> impl Iterator<Item = Entry> {
    let (rows, _) = packed.as_chunks::<LENGTH>();
    rows.iter().filter_map(|row| {
        let (contact, rest) = row.split_first_chunk()?;
        let (ordinal, rest) = rest.split_first_chunk()?;
        let (accepted, request) = rest.split_first()?;
        let place = Place {
            contact: i64::from_be_bytes(*contact),
            ordinal: u32::from_be_bytes(*ordinal),
        };
        let request = Request(request.try_into().ok()?);
        Some(Entry {
            place,
            request: (*accepted != 0).then_some(request),
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry() -> impl Strategy<Value = Entry> {
        let request = prop::option::of(any::<[u8; 16]>());
        (any::<i64>(), any::<u32>(), request).prop_map(|(contact, ordinal, request)| Entry {
            place: Place { contact, ordinal },
            request: request.map(Request),
        })
    }

    proptest! {
        #[test]
        fn what_was_put_together_comes_apart(entries in prop::collection::vec(entry(), 0..5)) {
            let packed = pack(entries.iter().copied());
            prop_assert_eq!(packed.len(), entries.len() * LENGTH);
            let apart: Vec<Entry> = unpack(&packed).collect();
            prop_assert_eq!(apart, entries);
        }
    }
}
