// Package reply extracts the answer from the text of a mail: it removes quoted text and the
// signature.
package reply
