// Package demo builds a believable estate: an operator, support agents, three MSPs with their
// organizations, direct customers, people of every role, and a year of support cases, mails, jobs
// and audit logs.
//
// Everything is made through the services, by principals who may do it, with a clock that moves
// through the year up to a given end. Nothing is written past the rules, so the estate shows what
// the product does. Between two steps, what is due happens and the queues are worked off.
//
// The same seed, size and end of the clock give the same estate: the same IDs, numbers, names and
// texts. Only secrets differ, such as the hashes of passwords.
//
// Each subject has a file of its own. A new subject is a method of builder that puts steps on the
// timeline, or does something at once while the estate is founded; subjects lists them:
//
//	platform.go    operator, support agents, desk of the platform
//	msps.go        MSPs, their people
//	orgs.go        organizations, their people, their consents
//	desks.go       lists of values, service levels, prepared answers
//	plans.go       which cases there are, and when
//	life*.go       what happens to a case
//	problem*.go    the texts of cases, by language
//	files.go       attachments
//	mails.go       mails that open cases, quarantined mails, blocked senders
//	jobs.go        a bulk action with a failed target, a report
//	moves.go       an organization that gets another MSP
//	profiles.go    operator profiles, and a mail to many organizations
//	bin.go         a deleted organization
//	security.go    log-ins, tokens, invitations, removed people
//
// Build works on any open installation, Make on a data folder, and Run is the command.
package demo
