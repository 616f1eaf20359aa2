// Package sealed opens what is signed in a mail (S/MIME, PGP) and notes what is encrypted. It
// checks no signature and decrypts nothing.
package sealed
