package orgs

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/tenant"
)

// DeletedOrg is an organization in the bin.
type DeletedOrg struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	MSPID       string `json:"msp_id,omitempty" doc:"The MSP that managed it; absent for a direct customer."`
	MSPName     string `json:"msp_name,omitempty"`
	Created     int64  `json:"created_time" doc:"Epoch seconds."`
	Deleted     int64  `json:"deleted_time" doc:"When it was deleted, in epoch seconds."`
	DeletedBy   string `json:"deleted_by" doc:"The name of who deleted it."`
	DeletedByID string `json:"deleted_by_id"`
	Purged      int64  `json:"purge_time" doc:"When it goes for good, in epoch seconds: until then it can be restored."`
}

// BinOutput is a page of the bin.
type BinOutput struct {
	Body struct {
		Limit   int          `json:"limit"`
		Results []DeletedOrg `json:"results" doc:"The latest deletion first. A page may have fewer than the limit although the list continues: follow next."`
		Next    string       `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

// Bin answers a page of the deleted organizations of an MSP, or of the installation (mspID "").
func Bin(ctx context.Context, tenants *tenant.Tenants, mspID string, in endpoint.Cursor) (*BinOutput, error) {
	after, err := in.After(ctx)
	if err != nil {
		return nil, err
	}
	page, err := tenants.Bin(ctx, endpoint.Principal(ctx), mspID, in.Limit, after)
	if err != nil {
		return nil, err
	}
	msps := make([]string, len(page.Orgs))
	for i, org := range page.Orgs {
		msps[i] = org.MSPID
	}
	names, err := tenants.Names(ctx, msps, nil)
	if err != nil {
		return nil, err
	}
	out := &BinOutput{}
	out.Body.Limit, out.Body.Next = in.Limit, endpoint.Next(ctx, page.Next)
	out.Body.Results = make([]DeletedOrg, 0, len(page.Orgs))
	for _, org := range page.Orgs {
		out.Body.Results = append(out.Body.Results, DeletedOrg{
			ID: org.ID, Name: org.Name, MSPID: org.MSPID, MSPName: names[org.MSPID], Created: org.Created,
			Deleted: org.Deleted.At, DeletedBy: org.Deleted.ByName, DeletedByID: org.Deleted.ByID,
			Purged: org.Deleted.Ends().Unix(),
		})
	}
	return out, nil
}
