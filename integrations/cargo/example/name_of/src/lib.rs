// SPDX-License-Identifier: MIT

use proc_macro::{TokenStream, TokenTree};

/// Gives a struct a function that returns its name.
#[proc_macro_derive(NameOf)]
pub fn name_of(item: TokenStream) -> TokenStream {
    let words = item.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let name = words.skip_while(|word| word != "struct").nth(1).expect("a struct");
    let body = format!("impl {name} {{ fn name_of() -> &'static str {{ \"{name}\" }} }}");
    body.parse().expect("an impl")
}
