//! Text with columns in it, such as `{First Name} {Last Name}`, taken apart once.

/// Text with columns in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<C = usize>(pub(super) Vec<Piece<C>>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<C> {
    Text(String),
    Column(C),
}

impl Template<String> {
    /// Takes `{First Name} {Last Name}` apart; `{{` and `}}` stand for the braces themselves.
    ///
    /// # Errors
    ///
    /// Says which brace is alone.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let after = &rest[at + 1..];
            if let Some(after) = after.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
            } else if brace == "}" {
                return Err(format!(
                    "`}}` without `{{` in `{text}`; write `}}}}` for the brace itself"
                ));
            } else {
                let (column, after) = after.split_once('}').ok_or_else(|| {
                    format!("`{{` without `}}` in `{text}`; write `{{{{` for the brace itself")
                })?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Column(column.to_owned()));
                rest = after;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        match pieces.iter().any(|piece| matches!(piece, Piece::Column(_))) {
            true => Ok(Self(pieces)),
            false => Err(format!(
                "no `{{column}}` in `{text}`; for the same in every row use `value`"
            )),
        }
    }

    /// Puts the places of columns where their names stand.
    pub(super) fn with(self, mut place: impl FnMut(&str) -> usize) -> Template {
        let pieces = self.0.into_iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(text),
            Piece::Column(name) => Piece::Column(place(&name)),
        });
        Template(pieces.collect())
    }
}
