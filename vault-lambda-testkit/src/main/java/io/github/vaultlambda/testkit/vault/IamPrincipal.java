package io.github.vaultlambda.testkit.vault;

/**
 * An IAM principal, from the ARN that STS gave.
 *
 * @param account AWS account number
 * @param name user or role name, without path
 * @param session the session's name; empty for a user
 * @param canonicalArn what roles are bound to: the role instead of its session, no path
 */
record IamPrincipal(String account, String name, String session, String canonicalArn) {
    static IamPrincipal parse(String arn) throws VaultFailure {
        String[] parts = arn.split(":", -1);
        if (parts.length != 6) {
            throw wrong(arn, "unrecognized arn: contains " + parts.length + " colon-separated parts, expected 6");
        }
        if (!parts[0].equals("arn")) {
            throw wrong(arn, "unrecognized arn: does not begin with \"arn:\"");
        }
        if (!parts[2].equals("iam") && !parts[2].equals("sts")) {
            throw wrong(arn, "unrecognized service: " + parts[2] + ", not one of iam or sts");
        }
        String[] path = parts[5].split("/", -1);
        if (path.length < 2) {
            throw wrong(arn, "unrecognized arn: \"" + parts[5] + "\" contains fewer than 2 slash-separated parts");
        }
        String type = path[0];
        String name = path[path.length - 1];
        String session = "";
        switch (type) {
            case "assumed-role" -> {
                if (path.length < 3) {
                    throw wrong(
                            arn, "unrecognized arn: \"" + parts[5] + "\" contains fewer than 3 slash-separated parts");
                }
                type = "role";
                name = path[1];
                session = path[2];
            }
            case "user", "role", "instance-profile" -> {}
            default -> throw wrong(arn, "unrecognized principal type: \"" + type + "\"");
        }
        String canonical = "arn:" + parts[1] + ":iam::" + parts[4] + ":" + type + "/" + name;
        return new IamPrincipal(parts[4], name, session, canonical);
    }

    private static VaultFailure wrong(String arn, String text) {
        return VaultFailure.bad("error parsing arn \"" + arn + "\": " + text);
    }
}
