package io.github.vaultlambda.fakes;

/** What AWS answers. */
public final class AwsAnswers {
    private AwsAnswers() {}

    /** STS's answer to AssumeRole, with credentials until then. */
    public static String assumedRole(String expiration) {
        return "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <AssumeRoleResult>\n"
                + "    <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/vault/vault_auth</Arn></AssumedRoleUser>\n"
                + "    <Credentials>\n      <AccessKeyId>ASIAASSUMED</AccessKeyId>\n"
                + "      <SecretAccessKey>n0tf0rl0gs-assumed</SecretAccessKey>\n      <SessionToken>\n"
                + "        n0tf0rl0gs-assumed-session==\n      </SessionToken>\n      <Expiration>" + expiration
                + "</Expiration>\n    </Credentials>\n  </AssumeRoleResult>\n</AssumeRoleResponse>\n";
    }
}
