// Package headers parses the headers that say who wrote a mail, to whom, and what it answers.
package headers
