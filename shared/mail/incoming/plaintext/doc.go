// Package plaintext cleans untrusted text: control characters, lengths, and whether there is
// anything to see.
package plaintext
