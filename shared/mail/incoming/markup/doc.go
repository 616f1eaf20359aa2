// Package markup reads the HTML of a mail: as plain text, with or without what it quotes, and as
// HTML that is safe to show within a page.
package markup
