// Package grant says what a function may do to the stores, queues and services: each declares
// exactly what it needs. On AWS the declarations become the function's role; in tests a Guard holds
// the function to them. Who may do what in the product is shared/identity's business.
package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Resource is what something is done to.
type Resource string

// The resources beside the queues, whose resources Queue gives: outgoing mail, and the folders of
// the file store.
const (
	Mail        Resource = "mail"
	Attachments Resource = files + "attachments"
	RawMails    Resource = files + "mail"
	Uploads     Resource = files + "uploads"

	queues = "queue "
	files  = "files in "
)

// FilesOf returns the resource of the file under a key: its folder.
func FilesOf(key string) Resource {
	folder, _, _ := strings.Cut(key, "/")
	return Resource(files + folder)
}

// Folder returns the folder of the file store, if the resource is one.
func (r Resource) Folder() (string, bool) { return strings.CutPrefix(string(r), files) }

// Core, Audit and Derived are the three tables.
const (
	Core    Resource = "core"
	Audit   Resource = "audit"
	Derived Resource = "derived"
)

// Queue returns the resource of a queue.
func Queue(name string) Resource { return Resource(queues + name) }

// QueueName returns the name of the queue, if the resource is one.
func (r Resource) QueueName() (string, bool) { return strings.CutPrefix(string(r), queues) }

// Table returns the resource of a table.
func Table(t table.Table) Resource { return Resource(t.String()) }

// Action is what is done.
type Action string

// The actions: on tables Get, BatchGet, Query, Put (create and update), Delete, Check (a condition
// on an item that stays), Count and BatchPut (store and remove without a condition); on files Open,
// Store, Delete and Link (give out a signed address at which others fetch or bring a file); on
// queues Send and Depth; on mail Send.
const (
	Get      Action = "get"
	BatchGet Action = "batch get"
	Query    Action = "query"
	Put      Action = "put"
	Delete   Action = "delete"
	Check    Action = "check"
	Count    Action = "count"
	BatchPut Action = "batch put"
	Open     Action = "open"
	Store    Action = "store"
	Link     Action = "link"
	Send     Action = "send"
	Depth    Action = "depth"
)

// Grant allows one action on one resource.
type Grant struct {
	Resource Resource
	Action   Action
}

// String returns a grant as people read it, as in "query core".
func (g Grant) String() string { return string(g.Action) + " " + string(g.Resource) }

// Grants is a set of grants, in order and each once, if made by On and Union.
type Grants []Grant

// On allows actions on a resource.
func On(resource Resource, actions ...Action) Grants {
	grants := make(Grants, 0, len(actions))
	for _, action := range actions {
		grants = append(grants, Grant{resource, action})
	}
	return Union(grants)
}

// Union returns all grants of some sets.
func Union(sets ...Grants) Grants {
	all := slices.Concat(sets...)
	slices.SortFunc(all, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Action, b.Action))
	})
	return slices.Compact(all)
}

// Without returns the grants that are not in another set.
func (g Grants) Without(other Grants) Grants {
	var rest Grants
	for _, one := range g {
		if !slices.Contains(other, one) {
			rest = append(rest, one)
		}
	}
	return rest
}
