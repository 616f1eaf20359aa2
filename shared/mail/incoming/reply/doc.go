// Package reply cuts an answer out of a mail: it removes what is quoted from the mail before, and
// the signature.
package reply
