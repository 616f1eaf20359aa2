// Package plaintext cleans text that strangers wrote: no control characters, bounded lengths, and
// whether there is anything to see at all.
package plaintext
