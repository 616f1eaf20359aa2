package cases

import (
	"cmp"
	"mime"
	"path"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/attachment"
)

const largeFileTitle = "Attach a large file"

// formBytes is the size of a form with files that a function takes: an answer or request of one has at
// most 6 MB in base64.
const formBytes = 4 << 20

// largeFile is the page by which a browser sends a file to the store itself.
type largeFile struct {
	path string
	name string
	// sent is where the file is sent to; nil until it was announced.
	sent *uploads.Announced
}

// largeFileForm asks for the name of the file. Where forms take files of any size, there is no such page.
func (p Pages) largeFileForm(v *kit.Visit) error {
	shown, err := p.largeFile(v)
	if err != nil {
		return err
	}
	return v.Show(largeFilePage(v.Frame(v.T(largeFileTitle)), shown))
}

func (p Pages) largeFile(v *kit.Visit) (largeFile, error) {
	shown, err := p.caseView(v)
	if err == nil {
		err = v.By.Check(identity.OpenCases, shown.org.Place())
	}
	if err == nil && !p.Direct {
		err = fault.Missing()
	}
	v.Trail(kit.Link{Label: v.T("Case %d", shown.Number), Path: shown.path()})
	return largeFile{path: shown.path(), name: v.Line("name")}, err
}

// announceFile announces the file, and shows the form that sends it to the store.
func (p Pages) announceFile(v *kit.Visit) error {
	shown, err := p.largeFile(v)
	if err != nil {
		return err
	}
	if err = identity.CheckText("name", shown.name, 1, maxFileName); err == nil {
		err = p.announce(v, &shown)
	}
	if err != nil {
		refusal := kit.Refusal{Title: v.T(largeFileTitle), Heading: v.T("The file was not attached")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return largeFilePage(f, shown) })
	}
	return v.Show(largeFilePage(v.Frame(v.T(largeFileTitle)), shown))
}

// maxFileName is the maximum number of characters of the name of an announced file.
const maxFileName = 255

func (p Pages) announce(v *kit.Visit, shown *largeFile) error {
	id := idOf(v)
	kind := cmp.Or(mime.TypeByExtension(path.Ext(shown.name)), "application/octet-stream")
	announced, err := p.Uploads.AnnounceUpload(v.Context(), *v.By, id.OrgID, id.CaseID, shown.name, kind,
		attachment.MaxFileBytes)
	if err != nil {
		return err
	}
	sent, err := uploads.Announce(v.Context(), p.Links, uploads.Announcement{
		Token: announced.Token, Key: announced.BlobKey, ContentType: announced.ContentType,
		MaxBytes: announced.MaxBytes, Until: announced.Until,
	}, v.Now())
	shown.sent = &sent
	v.AllowFormTo(sent.URL)
	return err
}

// finishFile attaches the file that the store has received. If it has not come yet, a new form is shown.
func (p Pages) finishFile(v *kit.Visit) error {
	id := idOf(v)
	file, err := p.Uploads.FinishUpload(v.Context(), *v.By, id.OrgID, id.CaseID, v.Line("upload_token"))
	if err == nil {
		v.Done(v.T("The file %s was attached.", file.Name))
		return v.GoTo(casePath(id.OrgID, id.CaseID))
	}
	shown, readErr := p.largeFile(v)
	if readErr != nil {
		return err
	}
	refusal := kit.Refusal{Title: v.T(largeFileTitle), Heading: v.T("The file was not attached")}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return largeFilePage(f, shown) })
}

// fileLimits is how many files a form takes and how large they may be, in words; most is how many MiB the
// form takes, and 0 if that is no limit of its own.
type fileLimits struct {
	hint string
	most int
}

func (p Pages) fileLimits(t kit.Teller) fileLimits {
	if p.Direct {
		return fileLimits{
			most: formBytes >> 20,
			hint: t.T("Up to %[1]d files of together up to %[2]d MiB. Attach a larger file to the case when it is open.",
				attachment.MaxFilesAtOnce, formBytes>>20),
		}
	}
	return fileLimits{
		hint: t.T("Up to %[1]d files of up to %[2]d MiB each.", attachment.MaxFilesAtOnce, attachment.MaxFileBytes>>20),
	}
}
