package mailfolder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// MaxPage is how many mails a page of the list holds at the most.
const MaxPage = 200

// Page is a part of the list.
type Page struct {
	Mails []Mail
	// Next is given as before to get the following page; empty when there is none.
	Next string
}

// List returns the mails, newest first and without their content, that stand behind the position
// before; an empty position means from the newest. A limit outside 1 to MaxPage is brought inside.
func (o *Folder) List(limit int, before string) (Page, error) {
	limit = min(max(limit, 1), MaxPage)
	files, err := o.files()
	if err != nil {
		return Page{}, err
	}
	slices.SortFunc(files, func(a, b file) int { return -cmp.Compare(a.position, b.position) })
	var page Page
	for _, f := range files {
		if before != "" && f.position >= before {
			continue
		}
		if len(page.Mails) == limit {
			page.Next = page.Mails[limit-1].Position()
			break
		}
		mail, err := o.describe(f.id, f.info)
		if err != nil {
			return Page{}, err
		}
		page.Mails = append(page.Mails, mail)
	}
	return page, nil
}

type file struct {
	id, position string
	info         fs.FileInfo
}

func (o *Folder) files() ([]file, error) {
	entries, err := os.ReadDir(o.folder)
	if err != nil {
		return nil, fmt.Errorf("outbox: read the folder: %w", err)
	}
	var files []file
	for _, entry := range entries {
		id, ok := idOf(entry.Name())
		if !ok {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed by hand since
		}
		if err != nil {
			return nil, fmt.Errorf("outbox: look at %s: %w", entry.Name(), err)
		}
		files = append(files, file{id: id, position: position(info.ModTime(), id), info: info})
	}
	return files, nil
}
