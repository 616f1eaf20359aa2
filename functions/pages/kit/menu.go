package kit

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/identity"
)

// Link is a link to a page.
type Link struct{ Label, Path string }

// Entry is a page in the menu of a place.
type Entry struct {
	// Scope is the kind of place whose menu the entry is in.
	Scope identity.ScopeKind
	// Group is the heading that the entry is under; "" for an entry of the first level.
	Group string
	Label string
	// Path comes behind the path of the place; Elsewhere is a whole path instead.
	Path, Elsewhere string
	Icon            string
	// Queue is the query of the page that agents begin with; "" for the page as it is.
	Queue string
	// Needs is what the reader must be allowed to do at the place; with Direct, at any direct customer that
	// consents to it.
	Needs  identity.Permission
	Direct bool
}

// MyCases is the query of the list of cases with those that are assigned to the reader.
const MyCases = "assignee=me"

// Menu is all entries, in their order.
type Menu []Entry

// MenuGroup is a part of the menu as shown.
type MenuGroup struct {
	Heading string
	Links   []MenuLink
	// Open is set if the page shown is in the group.
	Open bool
}

// MenuLink is an entry as shown.
type MenuLink struct {
	Label, Path, Icon string
	Current           bool
}

// platformPath is the path of the platform's pages.
const platformPath = "/platform"

// PlacePath returns the path of a place's pages.
func PlacePath(place identity.Place) string {
	switch place.Scope {
	case identity.PlatformScope:
		return platformPath
	case identity.MSPScope:
		return "/msps/" + place.MSPID
	case identity.OrgScope:
		return "/orgs/" + place.OrgID
	}
	return ""
}

// shown returns the menu of the frame's place for its reader. The entry with the longest matching path is
// the present one.
func (m Menu) shown(f *Frame, path string) []MenuGroup {
	if f.Place.Scope == "" || f.Reader == nil {
		return nil
	}
	prefix, current := PlacePath(f.Place), ""
	for _, entry := range m {
		whole := entry.whole(prefix)
		inside := path == whole || whole != prefix && strings.HasPrefix(path, whole+"/")
		if entry.Scope == f.Place.Scope && inside && len(whole) > len(current) {
			current = whole
		}
	}
	var groups []MenuGroup
	for _, entry := range m {
		at := f.Place
		if entry.Direct {
			at = identity.AnyDirect()
		}
		if entry.Scope != f.Place.Scope || !f.Reader.May(entry.Needs, at) {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].Heading != entry.Group || entry.Group == "" {
			groups = append(groups, MenuGroup{Heading: entry.Group})
		}
		group := &groups[len(groups)-1]
		whole := entry.whole(prefix)
		link := MenuLink{Label: entry.Label, Path: whole, Icon: entry.Icon, Current: whole == current}
		if entry.Queue != "" && f.Reader.May(identity.AnswerCases, at) {
			link.Path += "?" + entry.Queue
		}
		group.Links, group.Open = append(group.Links, link), group.Open || link.Current
	}
	return groups
}

func (e Entry) whole(prefix string) string {
	if e.Elsewhere != "" {
		return e.Elsewhere
	}
	return prefix + e.Path
}

// roleAt returns the name of the role with which a person acts at a place, its own before one of a
// wider place; "" if there is none.
func roleAt(t Teller, by identity.Principal, place identity.Place) string {
	wider := ""
	for _, held := range by.Privileges {
		switch {
		case held.Scope == place.Scope && (held.Scope == identity.PlatformScope ||
			held.Scope == identity.MSPScope && held.MSPID == place.MSPID ||
			held.Scope == identity.OrgScope && held.OrgID == place.OrgID):
			return Role(t, held.Role, held.Scope)
		case place.Scope == identity.MSPScope && held.Scope == identity.LabelScope && held.MSPID == place.MSPID:
			wider = Role(t, held.Role, held.Scope)
		case place.Scope == identity.OrgScope && held.MSPID == place.MSPID && (held.Scope == identity.MSPScope ||
			held.Scope == identity.LabelScope && slices.Contains(place.Labels, held.LabelID)):
			wider = "MSP " + Role(t, held.Role, held.Scope)
		case held.Scope == identity.PlatformScope && wider == "" && place.Scope != "":
			wider = Role(t, held.Role, held.Scope)
		}
	}
	return wider
}
