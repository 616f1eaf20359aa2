//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/shared/store/blob"
)

// The folders of the bucket that other services or lifecycle rules depend on.
const (
	mailFolder     = "mail/"
	receivedFolder = mailFolder + "ses/"
	uploadsFolder  = blob.DayFolder
	archiveFolder  = blob.ArchiveFolder
)

// bucket creates the bucket of files: attachments, raw mails and reports. Old versions are kept for
// as long as the tables can be restored, so that a table restored to three weeks ago finds its
// files.
func (d *deployment) bucket() {
	bucket := awss3.NewBucket(d.dataStack, jsii.String("files"), &awss3.BucketProps{
		BucketName:        text(d.Bucket()),
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Versioned:         jsii.Bool(true),
		// Without a default retention: only files of the archive are locked, as they are written.
		ObjectLockEnabled: d.locked(),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		LifecycleRules: &[]*awss3.LifecycleRule{
			{
				Id:                                  jsii.String("leftovers"),
				AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
				NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(recoveryDays + 1)),
				ExpiredObjectDeleteMarker:           jsii.Bool(true),
			},
			{
				Id: jsii.String("mails"), Prefix: jsii.String(mailFolder),
				Transitions: &[]*awss3.Transition{
					{
						StorageClass:    awss3.StorageClass_INFREQUENT_ACCESS(),
						TransitionAfter: awscdk.Duration_Days(jsii.Number(60)),
					},
				},
			},
			{
				// Uploads that were never attached; attached ones are copied. Reports too, which
				// can be downloaded for a day.
				Id:                          jsii.String("uploads"),
				Prefix:                      jsii.String(uploadsFolder),
				Expiration:                  awscdk.Duration_Days(jsii.Number(1)),
				NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(1)),
			},
			{
				// A day is archived on the next one.
				Id: jsii.String("archive"), Prefix: jsii.String(archiveFolder),
				Expiration:                  awscdk.Duration_Days(jsii.Number(blob.ArchiveDays)),
				NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(recoveryDays + 1)),
			},
		},
	})
	d.protectArchive(bucket)
	bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("MailsReceivedBySES"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("ses.amazonaws.com"), nil)},
		Actions:    jsii.Strings("s3:PutObject"),
		Resources:  texts([]string{d.BucketARN() + "/" + receivedFolder + "*"}),
		Conditions: &map[string]any{"StringEquals": map[string]any{
			"aws:SourceAccount": awscdk.Aws_ACCOUNT_ID(), "aws:SourceArn": text(d.receiptRuleARN()),
		}},
	}))
	output(d.dataStack, "Bucket", "The bucket of files", bucket.BucketName())
}

// locked returns whether the bucket can lock files; nil leaves it out of the template.
func (d *deployment) locked() *bool {
	if d.ArchiveLock == "" {
		return nil
	}
	return jsii.Bool(true)
}

// protectArchive keeps everybody in the account from deleting the archive of the audit log, and all but
// the function that archives from writing there. Files still expire.
func (d *deployment) protectArchive(bucket awss3.Bucket) {
	deny := func(id string, conditions *map[string]any, actions ...string) {
		bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid: jsii.String(id), Effect: awsiam.Effect_DENY,
			Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
			Actions:    jsii.Strings(actions...),
			Resources:  texts([]string{d.BucketARN() + "/" + archiveFolder + "*"}),
			Conditions: conditions,
		}))
	}
	deny("ArchiveIsNotDeleted", nil, "s3:DeleteObject", "s3:DeleteObjectVersion")
	deny("ArchiveIsWrittenByItsFunction", &map[string]any{
		"ArnNotLike": map[string]any{"aws:PrincipalArn": text(d.ArchiverARN())},
	}, "s3:PutObject")
}
