"""What vanban is made of besides its own code: pinned packages, their hashes and licences, their known flaws."""
