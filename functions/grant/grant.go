// Package grant declares what a function may do to stores, queues and services; each function
// declares exactly what it needs. On AWS the declarations become the function's role; in tests, a
// Guard enforces them. Package shared/identity decides what users may do.
package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Resource is the object of an action.
type Resource string

// The resources other than queues, which Queue returns: outgoing mail, and the folders of the file
// store.
const (
	Mail        Resource = "mail"
	Attachments Resource = files + "attachments"
	RawMails    Resource = files + "mail"
	Uploads     Resource = files + "uploads"
	Logos       Resource = files + "logos"
	Archive     Resource = files + "archive"

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

// Action is an action on a resource.
type Action string

// The actions: on tables Get, BatchGet, Query, Put (create and update), Delete, Check (a condition
// on an item that is not written), Count and BatchPut (store or remove without a condition); on
// files Open, Store, Delete and Link (sign a URL with which others download or upload a file); on
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

// String returns a grant in readable form, as in "query core".
func (g Grant) String() string { return string(g.Action) + " " + string(g.Resource) }

// Grants is a set of grants. On and Union return it sorted and without duplicates.
type Grants []Grant

// On allows actions on a resource.
func On(resource Resource, actions ...Action) Grants {
	grants := make(Grants, 0, len(actions))
	for _, action := range actions {
		grants = append(grants, Grant{resource, action})
	}
	return Union(grants)
}

// Union returns the union of sets.
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
