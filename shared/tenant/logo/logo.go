// Package logo takes the logos of MSPs, stores them, and hands them out. A picture that comes in is
// decoded and drawn anew, so that what browsers and mail programs get was made here.
package logo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// folder is the folder of the file store: logos/<msp>/<picture>.
	folder = "logos/"
	// ContentType is the type of all stored logos.
	ContentType = "image/png"
	// maxStored is the maximum size of a stored logo: more than its pixels take.
	maxStored = 1 << 20
)

// Service stores logos. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	tenants *tenant.Tenants
	files   blob.Store
	outward *outward.Client
	log     *slog.Logger
	// turn has room for the one who decodes a picture.
	turn chan struct{}
}

// New returns the service. The client fetches the logos that are named by their address.
func New(
	journal *change.Journal, tenants *tenant.Tenants, files blob.Store, client *outward.Client, log *slog.Logger,
) *Service {
	return &Service{
		journal: journal, tenants: tenants, files: files, outward: client, log: log, turn: make(chan struct{}, 1),
	}
}

// Change gives an MSP another logo, for its super users and operators.
func (s *Service) Change(ctx context.Context, by identity.Principal, mspID string, content []byte) (tenant.MSP, error) {
	if _, err := s.tenants.MayChangeLogo(ctx, by, mspID); err != nil {
		return tenant.MSP{}, err
	}
	return s.store(ctx, by, mspID, content, "file")
}

// Fetch gives an MSP the picture at an address as its logo. The address is not kept: the picture is
// fetched once.
func (s *Service) Fetch(ctx context.Context, by identity.Principal, mspID, address string) (tenant.MSP, error) {
	const field = "logo_url"
	if _, err := s.tenants.MayChangeLogo(ctx, by, mspID); err != nil {
		return tenant.MSP{}, err
	}
	content, err := s.outward.Get(ctx, address, MaxBytes)
	if refusal, ok := errors.AsType[*outward.Error](err); ok {
		s.log.WarnContext(ctx, "a logo was not fetched", "msp", mspID, "error", refusal)
		return tenant.MSP{}, fault.InField(field, "%s", refusal.Reason)
	}
	if err != nil {
		return tenant.MSP{}, err
	}
	return s.store(ctx, by, mspID, content, field)
}

func (s *Service) store(
	ctx context.Context, by identity.Principal, mspID string, content []byte, field string,
) (tenant.MSP, error) {
	drawn, err := s.redraw(ctx, content, field)
	if err != nil {
		return tenant.MSP{}, err
	}
	sum := sha256.Sum256(drawn.png)
	logo := tenant.Logo{
		Key: folder + mspID + "/" + s.journal.NewID(), Width: drawn.width, Height: drawn.height,
		SHA256: hex.EncodeToString(sum[:]),
	}
	if _, err := s.files.Put(ctx, logo.Key, bytes.NewReader(drawn.png), maxStored); err != nil {
		return tenant.MSP{}, err
	}
	msp, former, err := s.tenants.SetLogo(ctx, by, mspID, &logo)
	if err != nil {
		s.drop(ctx, &logo)
		return tenant.MSP{}, err
	}
	s.drop(ctx, former)
	return msp, nil
}

// Delete removes the logo of an MSP, for its super users and operators. It does nothing if there is none.
func (s *Service) Delete(ctx context.Context, by identity.Principal, mspID string) (tenant.MSP, error) {
	msp, former, err := s.tenants.SetLogo(ctx, by, mspID, nil)
	if err == nil {
		s.drop(ctx, former)
	}
	return msp, err
}

// Forget removes the logo of an MSP that was deleted.
func (s *Service) Forget(ctx context.Context, logo tenant.Logo) error {
	return s.files.Delete(ctx, logo.Key)
}

// drop removes a picture that is no logo. If that fails, a file stays that nobody can reach.
func (s *Service) drop(ctx context.Context, logo *tenant.Logo) {
	if logo == nil {
		return
	}
	if err := s.files.Delete(context.WithoutCancel(ctx), logo.Key); err != nil {
		s.log.WarnContext(ctx, "a picture that is no longer a logo was not deleted", "key", logo.Key, "error", err)
	}
}

// Open returns the logo of an MSP with its content, for those who see the MSP and the people of its
// organizations; a fault of code NotFound for others, and if there is none to see. The caller closes it.
func (s *Service) Open(ctx context.Context, by identity.Principal, mspID string) (tenant.Logo, io.ReadCloser, error) {
	brand, err := s.Brand(ctx, by, mspID)
	if err != nil {
		return tenant.Logo{}, nil, err
	}
	if brand.Logo == nil {
		return tenant.Logo{}, nil, fault.Missing()
	}
	content, err := s.files.Open(ctx, brand.Logo.Key)
	if errors.Is(err, blob.ErrAbsent) {
		return tenant.Logo{}, nil, fault.Missing() // it was replaced a moment ago
	}
	return *brand.Logo, content, err
}

// Brand returns what a principal sees of an MSP around its pages and those of its organizations; an
// empty brand for those who do not see it.
func (s *Service) Brand(ctx context.Context, by identity.Principal, mspID string) (tenant.Brand, error) {
	if mspID == "" || !tenant.SeesBrand(by, mspID) {
		return tenant.Brand{}, nil
	}
	brands, err := s.tenants.Brands(ctx, []string{mspID})
	return brands[mspID], err
}

// Attached is a logo as it goes with a mail.
type Attached struct {
	tenant.Logo
	// Name is that of the MSP.
	Name string
	PNG  []byte
}

// ForMail returns the logo of an MSP for a mail; nil if there is none. A logo that cannot be read does
// not hold a mail up: it is complete without.
func (s *Service) ForMail(ctx context.Context, mspID string) *Attached {
	brands, err := s.tenants.Brands(ctx, []string{mspID})
	brand := brands[mspID]
	if err == nil && brand.Logo == nil {
		return nil
	}
	var content []byte
	if err == nil {
		content, err = s.read(ctx, brand.Logo.Key)
	}
	if err != nil {
		s.log.WarnContext(ctx, "a mail goes without its logo", "msp", mspID, "error", err)
		return nil
	}
	return &Attached{Logo: *brand.Logo, Name: brand.Name, PNG: content}
}

func (s *Service) read(ctx context.Context, key string) ([]byte, error) {
	content, err := s.files.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }() // only read, so errors do not matter
	return io.ReadAll(io.LimitReader(content, maxStored))
}
