"""How editors get in, and who they are: links, passkeys, their own account, people."""
