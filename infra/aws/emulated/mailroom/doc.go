// Package mailroom is the part of Amazon SES that its emulator leaves out: the mail servers. Mail
// that comes in is put into the bucket and announced in the topic, as SES does it by a receipt
// rule; a raw mail that SES was given is handed on to a mail server of the receiver's.
package mailroom
