//! A row that is sent, as it is remembered: what is noted before a call leaves, and what when its answer is back.

use std::cell::{Cell, RefCell};

use crate::contact::{Contact, Fate, TagChange};
use crate::delivery::{Delivered, Witness};
use crate::memory::{Fault, Known, Memory, People, Person, Place, Recalled, Request};
use crate::provider::call::Call;
use crate::provider::exchange::{Remembered, Touch};

/// Where a row that is sent is remembered.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    memory: &'a Memory,
    people: Option<&'a People>,
    whom: Whom,
    ordinal: u32,
    /// Whether other rows are about the contact, too: then a doubt is all that tells, when they are fed back, which of them
    /// were sent and not accepted.
    one_of_several: bool,
    request: Request,
    /// The tags that are not spoken of again, because the account has accepted just these before.
    tagged: TagChange,
    /// The change, as it was written when the row was looked at.
    change: RefCell<Option<Call>>,
    /// The place whose memory was made sure of, so that it cannot become untrue.
    sure: Cell<Option<Place>>,
    /// Whether the provider itself chose whom it changed.
    blind: Cell<bool>,
    /// Why something could not be written down before a call.
    fault: RefCell<Option<Fault>>,
}

/// Whom a row is about.
#[derive(Debug)]
pub(super) enum Whom {
    /// The contact with an id, of which this is remembered at that place.
    Id {
        id: String,
        place: Place,
        recalled: Recalled,
    },
    /// Whoever these lead to, all together and key by key.
    Known(Known, Vec<String>),
}

impl Whom {
    /// Whom a row with this contact is about; its place where the row has its id.
    pub(super) fn of(
        memory: &Memory,
        contact: &Contact,
        place: Option<Place>,
        recalled: Recalled,
    ) -> Self {
        if let Some(place) = place {
            let id = contact.id.clone();
            return Self::Id {
                id,
                place,
                recalled,
            };
        }
        let known = contact.known_by.iter();
        let words = known.map(|(word, value)| People::known(word, value));
        Self::Known(memory.known(&contact.identity()), words.collect())
    }
}

impl<'a> Mark<'a> {
    /// A mark for the row with this place among the rows about its contact.
    pub(super) fn new(
        memory: &'a Memory,
        people: Option<&'a People>,
        request: Request,
        ordinal: u32,
        whom: Whom,
    ) -> Self {
        Self {
            memory,
            people,
            whom,
            ordinal,
            one_of_several: ordinal > 0,
            request,
            tagged: TagChange::default(),
            change: RefCell::default(),
            sure: Cell::default(),
            blind: Cell::default(),
            fault: RefCell::default(),
        }
    }

    /// The same for a row that is one of so many about its contact.
    pub(super) fn among(mut self, rows: u32) -> Self {
        self.one_of_several |= rows > 1;
        self
    }

    /// The same for a row whose tags the account has accepted before.
    pub(super) fn tagged(mut self, tags: TagChange) -> Self {
        self.tagged = tags;
        self
    }

    /// The same with the change, so that it is not written twice.
    pub(super) fn changing(mut self, change: Option<Call>) -> Self {
        self.change = RefCell::new(change);
        self
    }

    /// What is left to say about the contact.
    pub(super) fn left_of(&self, mut contact: Contact) -> Contact {
        if !self.tagged.is_empty() {
            contact.tags = TagChange::default();
        }
        contact
    }

    /// What is known before the row is sent: of a contact that is known by something else than its id, what an earlier run
    /// found out.
    pub(super) fn remembered(&self) -> Result<Remembered, Fault> {
        let Whom::Known(known, words) = &self.whom else {
            return Ok(Remembered {
                change: self.change.take(),
                ..Remembered::default()
            });
        };
        let person = self.memory.person(*known)?;
        let mut listed = None;
        if let Some(people) = self.people {
            let mut ids: Vec<String> = Vec::new();
            for word in words {
                for id in people.find(word).map_err(Fault::people)? {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
            }
            listed = Some(ids);
        }
        Ok(Remembered {
            id: person.id,
            in_doubt: person.creating,
            listed,
            tagged: self.tagged.clone(),
            change: None,
        })
    }

    /// Where the row is remembered as one about the contact with this id.
    fn place(&self, id: &str) -> Place {
        match &self.whom {
            Whom::Id { id: own, place, .. } if own == id => *place,
            Whom::Id { .. } | Whom::Known(..) => self.memory.place(id, self.ordinal),
        }
    }

    /// Sees to it that what is remembered of a contact is not untrue once the contact is changed.
    async fn make_sure(&self, id: &str) -> Result<(), Fault> {
        let place = self.place(id);
        if self.sure.replace(Some(place)) == Some(place) {
            return Ok(());
        }
        let recalled = match self.whom {
            Whom::Id { recalled, .. } => recalled,
            Whom::Known(..) => {
                let recalled = self.memory.recall(place)?;
                self.memory.rest()?;
                recalled
            }
        };
        let other = recalled.anything && recalled.request != Some(self.request);
        match self.one_of_several || other || recalled.later {
            true => self.memory.doubt(place).await,
            false => Ok(()),
        }
    }

    /// Who it was, where that is news; or that somebody was made, or nobody after all.
    fn met(&self, delivered: &Delivered) -> Result<Option<(Known, Person)>, Fault> {
        let Whom::Known(known, words) = &self.whom else {
            return Ok(None);
        };
        let verdict = &delivered.verdict;
        // Where no answer came it stays open.
        if delivered.attempts == 0 || verdict.fate == Fate::Unknown {
            return Ok(None);
        }
        let id = verdict.contact_id.clone();
        if let (Some(people), Fate::Created) = (self.people, verdict.fate) {
            for word in words {
                people.add(word, &id).map_err(Fault::people)?;
            }
        }
        let person = Person {
            // Somebody whose id no answer shows is looked for before anybody else is made.
            creating: id.is_empty() && verdict.fate == Fate::Created,
            id,
        };
        let news = self.memory.person(*known)? != person;
        Ok(news.then_some((*known, person)))
    }

    /// After it was sent: what was accepted is remembered for the contact, everything else is only counted.
    pub(super) async fn after(&self, delivered: &Delivered) -> Result<(), Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let verdict = &delivered.verdict;
        let taken = matches!(
            verdict.fate,
            Fate::Updated | Fate::Created | Fate::Unchanged
        );
        let id = verdict.contact_id.as_str();
        let written = match (id.is_empty(), taken) {
            (true, _) => None,
            (false, true) => Some((self.place(id), Some(self.request))),
            // It was written over what another row says, of which nothing is sure any more.
            (false, false) if self.blind.get() => Some((self.memory.place(id, 0), None)),
            (false, false) => None,
        };
        let met = self.met(delivered)?;
        self.memory.keep(written, met, delivered.attempts).await
    }

    /// The requests that the account was asked today by others.
    pub(super) fn spent_elsewhere(&self) -> u64 {
        self.memory.spent_elsewhere()
    }
}

impl Witness for Mark<'_> {
    async fn before(&self, touch: Touch<'_>) -> bool {
        let noted = match (touch, &self.whom) {
            (Touch::Changes(id), _) => self.make_sure(id).await,
            (Touch::Creates | Touch::Upserts, Whom::Known(known, _)) => {
                self.blind.set(touch == Touch::Upserts);
                self.memory.create(*known).await
            }
            (Touch::Creates | Touch::Upserts, Whom::Id { .. }) | (Touch::Nobody, _) => Ok(()),
        };
        match noted {
            Ok(()) => true,
            Err(fault) => {
                self.fault.replace(Some(fault));
                false
            }
        }
    }
}
