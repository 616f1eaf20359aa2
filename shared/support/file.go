package support

import (
	"context"
	"fmt"
	"io"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
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
			Before: &opened.Case, After: after,
			Record: change.Record{
				Action:  "cases.attach",
				Message: fmt.Sprintf("Attached %s to case %d", file.Name, after.Number),
				After:   file.Loggable(),
				Writes:  writes,
			},
			Notice: Notice{Event: Attached, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place), FileName: file.Name},
		})
		if Again(ctx, err, attempt) {
			continue
		}
		return View(by, opened.Place, c), Busy(err)
	}
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
