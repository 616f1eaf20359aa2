// Package bounce tells which mails a program sent, and reads what delivery reports, complaints and
// read receipts say (RFC 3464, 5965, 8098), structured or in the words of mail servers.
package bounce
