"""Why a policy decided as it did, in Chinese and English."""
