package mailfolder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// MaxPage is the maximum number of mails on a page.
const MaxPage = 200

// Page is a page of mails.
type Page struct {
	Mails []Mail
	// Next is the value of before for the next page; empty at the end of the list.
	Next string
}

// List returns the mails after the position before, newest first and without their content; an
// empty position starts at the newest. The limit is clamped to the range 1 to MaxPage.
func (f *Folder) List(limit int, before string) (Page, error) {
	limit = min(max(limit, 1), MaxPage)
	files, err := f.files()
	if err != nil {
		return Page{}, err
	}
	slices.SortFunc(files, func(a, b file) int { return -cmp.Compare(a.position, b.position) })
	var page Page
	for _, file := range files {
		if before != "" && file.position >= before {
			continue
		}
		if len(page.Mails) == limit {
			page.Next = page.Mails[limit-1].Position()
			break
		}
		mail, err := f.describe(file.id, file.info)
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

func (f *Folder) files() ([]file, error) {
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return nil, fmt.Errorf("mailfolder: read the folder: %w", err)
	}
	var files []file
	for _, entry := range entries {
		id, ok := idOf(entry.Name())
		if !ok {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed by hand in the meantime
		}
		if err != nil {
			return nil, fmt.Errorf("mailfolder: stat %s: %w", entry.Name(), err)
		}
		files = append(files, file{id: id, position: position(info.ModTime(), id), info: info})
	}
	return files, nil
}
