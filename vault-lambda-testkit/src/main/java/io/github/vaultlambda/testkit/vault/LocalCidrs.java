package io.github.vaultlambda.testkit.vault;

import java.util.List;

/**
 * Lists of address blocks. Everybody calls this Vault from 127.0.0.1, so a list that holds that address binds nobody,
 * and one without it is refused at once instead of refusing every login.
 */
final class LocalCidrs {
    private static final int CALLER = 127 << 24 | 1;

    private LocalCidrs() {}

    static List<String> of(Fields fields, String name) throws VaultFailure {
        List<String> blocks = fields.texts(name);
        boolean local = blocks.isEmpty();
        for (String block : blocks) {
            local |= holdsCaller(block);
        }
        if (!local) {
            throw VaultFailure.bad("the Vault stand-in is called from 127.0.0.1 only, which " + name + " leaves out");
        }
        return List.copyOf(blocks);
    }

    private static boolean holdsCaller(String block) throws VaultFailure {
        String[] halves = block.split("/", 2);
        String[] parts = halves[0].split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        try {
            int address = 0;
            for (String part : parts) {
                address = address << 8 | Integer.parseInt(part);
            }
            int bits = halves.length == 1 ? 32 : Integer.parseInt(halves[1]);
            int mask = bits == 0 ? 0 : -1 << (32 - bits);
            return (address & mask) == (CALLER & mask);
        } catch (NumberFormatException e) {
            throw VaultFailure.bad("invalid CIDR blocks");
        }
    }
}
