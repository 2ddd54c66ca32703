/**
 * The certificate that the provider shows Terraform over their private socket, made once by openssl (P-256, valid for a
 * hundred years): making one at each start would cost more than all else. It guards nothing: the socket lies in a folder
 * of the user's own, and Terraform learns the certificate from the provider's own standard output.
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIB4DCCAYegAwIBAgIUTbLQY8lksjQ+xlQQE0Kc6b9glJcwCgYIKoZIzj0EAwIw
MzESMBAGA1UEAwwJbG9jYWxob3N0MR0wGwYDVQQKDBRhaXJsb2NrIGZvbGRlciBj
bG91ZDAgFw0yNjExMjQwNzU0MjhaGA8yMTI2MTAzMTA3NTQyOFowMzESMBAGA1UE
AwwJbG9jYWxob3N0MR0wGwYDVQQKDBRhaXJsb2NrIGZvbGRlciBjbG91ZDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABD9slA9a6X91UfsVs1MxRff4imcCKcMQH8Aq
RVqzWQl224Zksv2jjRm1KDMGQrqCRStdgiQyo4WFgPb6XtNYINqjdzB1MA8GA1Ud
EwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0MA4GA1UdDwEB/wQEAwIC
rDAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwEwHQYDVR0OBBYEFOPJxbaR
C6OlVU0aPCnIXsnc6TiaMAoGCCqGSM49BAMCA0cAMEQCIBqdJQ68hDDLd/ztzMaj
GleueHxAfEKnSgJ2a5CjX6sOAiAP89TMCQzLHmbjza7xkwP7euBVVWUMdatiuYMj
PX5ARA==
-----END CERTIFICATE-----
`

/** The certificate's key; see `certificate` for why it may be public. */
export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXCFfC/zdIkJq6dn4
rPQMcrKpTxBwpfLF+oE18HsGoJuhRANCAAQ/bJQPWul/dVH7FbNTMUX3+IpnAinD
EB/AKkVas1kJdtuGZLL9o40ZtSgzBkK6gkUrXYIkMqOFhYD2+l7TWCDa
-----END PRIVATE KEY-----
`
