package support

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// MaxFiles is the maximum number of attachments of a case.
const MaxFiles = 1000

// StoreFile streams an attachment to the file store. Add it to a case with AddComment or
// AttachFile. The principal must be allowed to open cases of the organization.
func (s *Service) StoreFile(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, name, contentType string,
	content io.Reader,
) (attachment.File, error) {
	if _, _, err := s.Open(ctx, by, orgID, caseID, identity.OpenCases); err != nil {
		return attachment.File{}, err
	}
	id := s.journal.NewID()
	return s.attachments.Store(ctx, id, "attachments/"+orgID+"/"+id, name, contentType, content)
}

// AttachFile adds a stored attachment to a case, without a comment.
func (s *Service) AttachFile(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	file attachment.File,
) (Case, error) {
	return s.AttachUpload(ctx, by, orgID, caseID, file, storage.Announcement{})
}

// AttachUpload is like AttachFile, for a file that was announced.
func (s *Service) AttachUpload(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	file attachment.File,
	announced storage.Announcement,
) (Case, error) {
	for attempt := 0; ; attempt++ {
		opened, _, err := s.Open(ctx, by, orgID, caseID, identity.OpenCases)
		if err != nil {
			return Case{}, err
		}
		if opened.Files >= MaxFiles {
			return Case{}, Full("attachments", MaxFiles)
		}
		after := opened.Case
		after.Files++
		writes, err := after.fileWrites([]attachment.File{file})
		if err != nil {
			return Case{}, err
		}
		c, err := s.commit(ctx, by, Update{
			Before: &opened.Case, After: after, Org: &opened.Org,
			Record: change.Record{
				Action:  "cases.attach",
				Message: fmt.Sprintf("Attached %s to case %d", file.Name, after.Number),
				After:   file.Loggable(),
				Writes:  writes,
			},
			Notice: Notice{Event: Attached, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place), FileName: file.Name},
			stores: storage.Use{Org: opened.Org, Bytes: file.Size, Announced: announced},
		})
		if Again(ctx, err, attempt) {
			continue
		}
		return View(by, opened.Place, c), Busy(err)
	}
}

// stores returns what a comment or case stores that came from somewhere.
func (o Origin) stores(org tenant.Org) storage.Use {
	return storage.Use{Org: org, Bytes: sizeOf(o.Files) + o.RawSize, Forced: o.Forced}
}

// sizeOf returns the total size of files.
func sizeOf(files []attachment.File) int64 {
	var bytes int64
	for _, file := range files {
		bytes += file.Size
	}
	return bytes
}

func (c Case) fileWrites(files []attachment.File) ([]table.Write, error) {
	writes := make([]table.Write, 0, len(files))
	for _, file := range files {
		item, err := change.Encode(CaseKey(c.OrgID, c.ID, FileSort+file.ID), file)
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// File returns the description of an attachment, for principals who may see the case.
func (s *Service) File(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, fileID string,
) (attachment.File, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.SeeCases, FileSort+fileID)
	if err != nil {
		return attachment.File{}, err
	}
	if items[0].Version == 0 {
		return attachment.File{}, fault.Missing()
	}
	var file attachment.File
	if err := change.Decode(items[0], &file); err != nil {
		return attachment.File{}, err
	}
	if file.Internal && !opened.Agent {
		return attachment.File{}, fault.Missing()
	}
	return file, nil
}

// OpenPicture opens an attachment that can be shown as a picture, for principals who may see the case.
// Other attachments are not found.
func (s *Service) OpenPicture(
	ctx context.Context, by identity.Principal, orgID, caseID, fileID string,
) (attachment.File, io.ReadCloser, error) {
	file, err := s.File(ctx, by, orgID, caseID, fileID)
	if err != nil {
		return attachment.File{}, nil, err
	}
	if !file.IsPicture() {
		return attachment.File{}, nil, fault.Missing()
	}
	content, err := s.files.Open(ctx, file.BlobKey)
	if errors.Is(err, blob.ErrAbsent) {
		return attachment.File{}, nil, fault.Missing()
	}
	if err != nil {
		return attachment.File{}, nil, err
	}
	picture, err := attachment.Picture(file, content)
	return file, picture, err
}
