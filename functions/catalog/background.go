package catalog

import (
	"time"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// The names of the functions that are neither endpoints nor workers of a queue.
const (
	RelayName      = "outbox.relay"
	SweepName      = "outbox.sweep"
	WakeName       = "cases.wake"
	ArchiveName    = "logs.archive"
	ParkName       = "platform.park"
	SetupTokenName = "platform.setup_token"
)

// archiveMemory is the memory of the archiving in MiB: some files are compressed at the same time.
const archiveMemory = 1024

// background lists the functions that no call of the API reaches.
func background() []Function {
	sweeps := grant.Union(grant.On(grant.Core, grant.BatchPut), worker.ParkGrants())
	for _, name := range queue.Names() {
		if name != queue.CasesIndex { // its messages are derived from changes and are never in the outbox
			sweeps = grant.Union(sweeps, grant.On(grant.Queue(name), grant.Send))
		}
	}
	relays := grant.Union(sweeps, grant.On(grant.Queue(queue.CasesIndex), grant.Send))
	functions := []Function{
		{
			Name:    RelayName,
			Summary: "Queues the messages of committed changes",
			Feed:    true,
			Grants:  relays,
			Timeout: 30 * time.Second,
		},
		{
			Name:    SweepName,
			Summary: "Queues messages that the relay missed",
			Every:   5 * time.Minute,
			Grants:  grant.Union(sweeps, grant.On(grant.Core, grant.Query)),
			Timeout: time.Minute,
		},
		{
			Name:    WakeName,
			Summary: "Queues cases with something due; deletes old quarantined mail",
			Every:   time.Minute,
			Grants: grant.Union(
				grant.On(grant.Core, grant.Query, grant.Get, grant.BatchGet, grant.Put, grant.Delete, grant.Count),
				grant.On(grant.Audit, grant.Put),
				grant.On(grant.Derived, grant.BatchGet),
				grant.On(grant.RawMails, grant.Delete),
			),
			Timeout: time.Minute,
		},
		{
			Name:    ArchiveName,
			Summary: "Archives the audit log of each finished day",
			Every:   time.Hour,
			Grants: grant.Union(
				grant.On(grant.Core, grant.Query, grant.Get, grant.Put),
				grant.On(grant.Audit, grant.Query),
				grant.On(grant.Archive, grant.Open, grant.Store),
			),
			Memory:  archiveMemory,
			Timeout: 15 * time.Minute,
		},
		{
			Name:        ParkName,
			Summary:     "Stores messages that no worker could process, with the reason",
			DeadLetters: true,
			Grants:      worker.ParkGrants(),
			Timeout:     30 * time.Second,
		},
		{
			Name: SetupTokenName, Summary: "Creates the token for the first operator", Command: true,
			Grants: grant.Union(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put)),
		},
	}
	for _, declared := range Workers(Services{}) {
		functions = append(functions, Function{
			Name: declared.Name, Summary: "Processes the queue " + declared.Queue, Queue: declared.Queue, Secret: true,
			Grants: declared.Grants(), Memory: declared.Memory, Timeout: declared.Timeout,
		})
	}
	return functions
}
