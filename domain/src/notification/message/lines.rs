//! What a person typed, before it stands in a message.

/// The value on one line: control characters, line and paragraph separators become spaces, and marks that turn the
/// reading direction go. No header can be ended early by it (CWE-93).
pub fn single_line(value: &str) -> String {
    let spaced: String = value
        .chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name on one line if a message may call somebody by it. Whoever signs up chooses the name that goes to an
/// address which need not be theirs: what a mail program would turn into a link, or what is a sentence rather than a
/// name, must not travel under our sender.
pub fn greetable(name: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let name = single_line(name);
    let like_an_address = name.contains("://")
        || name.contains('@')
        || name.split_whitespace().any(|word| {
            // A dot between a letter or digit and two or more letters: `evil.example`, not `J.R.R.` or `Jr.`
            word.match_indices('.').any(|(at, _)| {
                let before = word[..at].chars().next_back().is_some_and(char::is_alphanumeric);
                let after = word[at + 1..].chars().take_while(|c| c.is_alphabetic()).count();
                before && after >= 2
            })
        });
    (!name.is_empty() && name.chars().count() <= LONGEST && !like_an_address).then_some(name)
}
